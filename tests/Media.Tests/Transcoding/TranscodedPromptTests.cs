using ClickToDial.Media.Audio;
using ClickToDial.Media.Codecs;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Tests.Plane;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Transcoding;

/// <summary>Prompts for an end that takes no G.711.</summary>
public sealed class TranscodedPromptTests : IDisposable
{
    private const int Socket = 11;
    private readonly RelayRig _rig = new();
    private readonly Prompt _tone = Prompt.FromTone("tone", Media.Audio.Tone.Steady(1000, -10));

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(SpeechCodec.G722)]
    [InlineData(SpeechCodec.Opus)]
    public void A_prompt_is_heard_in_the_only_codec_of_its_listener_without_a_gap(SpeechCodec codec)
    {
        Assert.SkipUnless(OpusLibrary.IsAvailable || codec != SpeechCodec.Opus, OpusLibrary.Problem ?? "");
        var leg = _rig.Leg(Socket, "192.0.2.1", (codec == SpeechCodec.Opus ? AudioCodec.Opus : AudioCodec.G722, 96));
        _rig.Relay.Play(leg, _tone, loop: true);
        _rig.Run(TimeSpan.FromSeconds(2));

        var sent = _rig.Engine.Sent;
        Assert.InRange(sent.Count, 95, 100);
        Assert.All(sent, (packet, i) =>
        {
            Assert.Equal((96, i == 0), (packet.Header.PayloadType, packet.Header.Marker));
            Assert.Equal((ushort)(sent[0].Header.Sequence + i), packet.Header.Sequence);
            Assert.Equal(sent[0].Header.Timestamp + (uint)(i * codec.ClockRate / 50), packet.Header.Timestamp);
        });
        using var decoder = codec.CreateDecoder();
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        short[] heard = [.. sent.SelectMany(packet => pcm[..decoder.Decode(packet.Payload, pcm)])];
        Assert.True(ToneMeter.IsMainly(heard.AsSpan(codec.SampleRate / 5), 1000, codec.SampleRate));
    }

    [Fact]
    public void Nothing_is_left_of_a_prompt_that_ended_or_was_stopped()
    {
        var leg = _rig.Leg(Socket, "192.0.2.1", (AudioCodec.G722, 9));
        _rig.Relay.Play(leg, Prompt.FromMuLaw("short", _tone.MuLaw[..1600]));
        _rig.Run(TimeSpan.FromMilliseconds(400));
        Assert.Equal("short", Assert.IsType<PromptFinished>(Assert.Single(_rig.Told)).Prompt.Name);
        Assert.Null(leg.Encoded);
        _rig.Relay.Play(leg, _tone, loop: true);
        _rig.Run(TimeSpan.FromMilliseconds(100));
        Relay.StopPlaying(leg);
        _rig.Run(TimeSpan.FromMilliseconds(10));
        var sent = _rig.Engine.Sent.Count;
        Assert.Null(leg.Encoded);
        _rig.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal(sent, _rig.Engine.Sent.Count);
        Assert.False(_rig.Transcoding.Turn(0));
    }

    [Fact]
    public void A_listener_that_goes_over_to_G711_hears_the_prompt_go_on_in_it()
    {
        var leg = _rig.Leg(Socket, "192.0.2.1", (AudioCodec.G722, 9));
        _rig.Relay.Play(leg, _tone, loop: true);
        _rig.Run(TimeSpan.FromMilliseconds(200));
        _rig.Negotiate(leg, "192.0.2.1", default, (AudioCodec.Pcma, 8));
        var before = _rig.Engine.Sent.Count;
        _rig.Run(TimeSpan.FromMilliseconds(200));
        var after = _rig.Engine.Sent.Skip(before).SkipWhile(packet => packet.Header.PayloadType == 9).ToArray();
        Assert.InRange(after.Length, 9, 11);
        Assert.All(after, (packet, i) => Assert.Equal((8, i == 0), (packet.Header.PayloadType, packet.Header.Marker)));
        Assert.All(_rig.Engine.Sent, (packet, i) => Assert.Equal((ushort)(_rig.Engine.Sent[0].Header.Sequence + i), packet.Header.Sequence));
    }
}
