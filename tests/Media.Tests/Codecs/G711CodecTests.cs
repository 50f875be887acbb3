using ClickToDial.Media.Audio;
using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class G711CodecTests
{
    [Theory]
    [InlineData(SpeechCodec.Pcmu)]
    [InlineData(SpeechCodec.Pcma)]
    public void A_tone_comes_back_with_the_quality_of_the_recommendation(SpeechCodec law)
    {
        using var encoder = law.CreateEncoder();
        using var decoder = law.CreateDecoder();
        foreach (var level in new[] { 0.0, -10, -20, -30 })
        {
            var sent = Signal.Sine(1020, 8000, 400, level);
            var payload = new byte[sent.Length];
            var heard = new short[sent.Length + SpeechCodecs.MaxPacketSamples];
            Assert.Equal(sent.Length, encoder.Encode(sent, payload));
            for (var at = 0; at < sent.Length; at += 160) Assert.Equal(160, decoder.Decode(payload.AsSpan(at, 160), heard.AsSpan(at)));
            Assert.True(Signal.Snr(sent, heard.AsSpan(0, sent.Length), 0, 8000) > 33, $"{law} at {level} dB"); // G.712: 33 dB from 0 to -30 dBm0
        }
    }

    [Fact]
    public void More_than_the_longest_packet_is_refused()
    {
        using var decoder = SpeechCodec.Pcmu.CreateDecoder();
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        Assert.Equal(960, decoder.Decode(new byte[960], pcm));
        Assert.Equal(-1, decoder.Decode(new byte[961], pcm));
        Assert.Equal(0, decoder.Decode([], pcm));
    }

    [Fact]
    public void A_lost_packet_is_filled_with_the_same_tone()
    {
        using var decoder = SpeechCodec.Pcma.CreateDecoder();
        var payload = new byte[160];
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        var tone = new ClickToDial.TestKit.Audio.Tone(400);
        var frame = new short[160];
        for (var i = 0; i < 10; i++)
        {
            tone.Fill(frame);
            for (var n = 0; n < 160; n++) payload[n] = G711.EncodeALaw(frame[n]);
            decoder.Decode(payload, pcm);
        }
        var lost = new short[160];
        decoder.Conceal(lost);
        Assert.True(ToneMeter.IsMainly(lost, 400));
    }
}
