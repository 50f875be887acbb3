using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class OpusCodecTests
{
    private const int Frame = 960;

    public OpusCodecTests() => Assert.SkipUnless(OpusLibrary.IsAvailable, OpusLibrary.Problem ?? "");

    [Fact]
    public void A_tone_comes_back()
    {
        var heard = Decode(Encode(Signal.Sine(440, 48000, 1000), OpusSettings.Default));
        Assert.True(ToneMeter.IsMainly(heard.AsSpan(9600), 440, 48000));
    }

    [Fact]
    public void A_lost_frame_is_recovered_from_the_copy_in_the_next_one()
    {
        var sent = Signal.Voice(48000, 2000);
        var packets = Encode(sent, OpusSettings.Default with { ExpectedLossPercent = 30, Bitrate = 32000 });
        var whole = Decode(packets);
        double recovered = 0, guessed = 0;
        for (var lost = 40; lost < 90; lost += 7)
        {
            recovered += Error(whole, lost, (decoder, pcm) => decoder.Recover(packets[lost + 1], pcm.Span));
            guessed += Error(whole, lost, (decoder, pcm) => decoder.Conceal(pcm.Span));
        }
        Assert.True(recovered < guessed / 2, $"error with the copy {recovered:E2}, without {guessed:E2}");

        double Error(short[] reference, int lost, Action<OpusDecoder, Memory<short>> fill)
        {
            using var decoder = new OpusDecoder();
            var pcm = new short[SpeechCodecs.MaxPacketSamples];
            for (var i = 0; i < lost; i++) decoder.Decode(packets[i], pcm);
            fill(decoder, pcm.AsMemory(0, Frame));
            return Enumerable.Range(0, Frame).Sum(i => Math.Pow(pcm[i] - reference[(lost * Frame) + i], 2));
        }
    }

    [Fact]
    public void Silence_sent_with_dtx_decodes_and_goes_on_after_it()
    {
        short[] sent = [.. Signal.Voice(48000, 400), .. new short[48000 * 2], .. Signal.Sine(440, 48000, 400)];
        var packets = Encode(sent, OpusSettings.Default with { Dtx = true });
        Assert.Contains(packets, packet => packet.Length <= 2);
        var heard = Decode(packets);
        Assert.True(ToneMeter.IsMainly(heard.AsSpan(sent.Length - 9600), 440, 48000));
    }

    [Fact]
    public void Garbage_is_refused_or_decoded_and_never_throws()
    {
        using var decoder = new OpusDecoder();
        var random = new Random(5);
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        Assert.Equal(-1, decoder.Decode([], pcm));
        for (var i = 0; i < 2000; i++)
        {
            var garbage = new byte[random.Next(1, 300)];
            random.NextBytes(garbage);
            Assert.InRange(decoder.Decode(garbage, pcm), -1, pcm.Length);
        }
    }

    [Fact]
    public void A_setting_that_libopus_refuses_is_named() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoder(OpusSettings.Default with { Complexity = 11 }));

    private static byte[][] Encode(short[] pcm, OpusSettings settings)
    {
        using var encoder = new OpusEncoder(settings);
        var payload = new byte[SpeechCodecs.MaxFrameOctets];
        return [.. Enumerable.Range(0, pcm.Length / Frame).Select(i => payload[..encoder.Encode(pcm.AsSpan(i * Frame, Frame), payload)])];
    }

    private static short[] Decode(byte[][] packets)
    {
        using var decoder = new OpusDecoder();
        var pcm = new short[(packets.Length * Frame) + SpeechCodecs.MaxPacketSamples];
        for (var i = 0; i < packets.Length; i++) Assert.Equal(Frame, decoder.Decode(packets[i], pcm.AsSpan(i * Frame)));
        return pcm[..(packets.Length * Frame)];
    }
}
