using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class G722CodecTests
{
    [Theory]
    [InlineData(300, 40)]
    [InlineData(1000, 40)]
    [InlineData(2000, 35)]
    [InlineData(3000, 30)]
    [InlineData(5000, 15)]
    [InlineData(6500, 15)]
    public void A_tone_comes_back(double hertz, double decibels)
    {
        var sent = Signal.Sine(hertz, 16000, 1000);
        var heard = Decode(Encode(sent));
        Assert.True(ToneMeter.IsMainly(heard.AsSpan(4000), hertz, 16000));
        Assert.InRange(ToneMeter.Level(heard.AsSpan(4000), hertz, 16000), -11, -9);
        var snr = Signal.Snr(sent, heard, 40, 16000);
        Assert.True(snr > decibels, $"{hertz} Hz: {snr:F1} dB");
    }

    [Fact]
    public void Silence_stays_silent()
    {
        var heard = Decode(Encode(new short[16000]));
        Assert.All(heard, sample => Assert.InRange(sample, -16, 16));
    }

    [Fact]
    public void Full_scale_sound_saturates_without_turning_over()
    {
        var sent = Signal.Sine(1000, 16000, 500, level: 0);
        var heard = Decode(Encode(sent));
        Assert.True(Signal.Snr(sent, heard, 40, 16000) > 25);
    }

    [Theory]
    [MemberData(nameof(Sounds))]
    public void Encoded_octets_are_those_of_spandsp(string name, short[] pcm)
    {
        Assert.SkipWhen(Spandsp.Problem is not null, Spandsp.Problem ?? "");
        Assert.True(Encode(pcm).AsSpan().SequenceEqual(Spandsp.Encode(pcm)), name);
    }

    [Theory]
    [MemberData(nameof(Sounds))]
    public void Decoded_samples_are_those_of_spandsp(string name, short[] pcm)
    {
        Assert.SkipWhen(Spandsp.Problem is not null, Spandsp.Problem ?? "");
        var payload = Encode(pcm);
        AssertSame(Spandsp.Decode(payload), Decode(payload), name);
    }

    [Fact]
    public void Any_octets_decode_as_spandsp_decodes_them()
    {
        Assert.SkipWhen(Spandsp.Problem is not null, Spandsp.Problem ?? "");
        var payload = new byte[16000];
        new Random(7).NextBytes(payload);
        AssertSame(Spandsp.Decode(payload), Decode(payload), "random octets");
    }

    [Fact]
    public async Task Ffmpeg_hears_what_was_encoded_and_is_heard()
    {
        var ffmpeg = new Tool("ffmpeg", "ffmpeg");
        Assert.SkipUnless(ffmpeg.IsInstalled, ffmpeg.Missing);
        var folder = Directory.CreateTempSubdirectory("g722-");
        try
        {
            var sent = Signal.Voice(16000, 1000);
            await File.WriteAllBytesAsync(In("ours.g722"), Encode(sent));
            new WavFile(16000, sent).Write(In("sent.wav"));
            await RunAsync(ffmpeg.Path!, "-f", "g722", "-i", In("ours.g722"), "-ar", "16000", In("theirs.wav"));
            await RunAsync(ffmpeg.Path!, "-i", In("sent.wav"), "-c:a", "g722", "-f", "g722", In("theirs.g722"));
            var theirDecoder = WavFile.Read(In("theirs.wav")).Samples;
            var theirEncoder = Decode(await File.ReadAllBytesAsync(In("theirs.g722")));
            // What quantising costs this sound is the same for both; decoders differ by rounding at most.
            var ours = Decode(Encode(sent));
            var decoders = Signal.Snr(ours, theirDecoder, 60, 16000);
            Assert.True(decoders > 50, $"decoders differ: {decoders:F1} dB");
            var encoders = Signal.Snr(sent, theirEncoder, 60, 16000) - Signal.Snr(sent, ours, 60, 16000);
            Assert.True(Math.Abs(encoders) < 1, $"encoders differ: {encoders:F1} dB");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string In(string name) => Path.Combine(folder.FullName, name);
    }

    [Fact]
    public void More_than_the_longest_packet_is_refused()
    {
        using var decoder = new G722Decoder();
        Assert.Equal(-1, decoder.Decode(new byte[961], new short[SpeechCodecs.MaxPacketSamples]));
        Assert.Equal(1920, decoder.Decode(new byte[960], new short[SpeechCodecs.MaxPacketSamples]));
    }

    [Fact]
    public void A_lost_packet_is_filled_with_the_same_tone()
    {
        using var decoder = new G722Decoder();
        var payload = Encode(Signal.Sine(350, 16000, 400));
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        for (var at = 0; at < payload.Length; at += 160) decoder.Decode(payload.AsSpan(at, 160), pcm);
        var lost = new short[320];
        decoder.Conceal(lost);
        Assert.True(ToneMeter.IsMainly(lost, 350, 16000));
    }

    public static TheoryData<string, short[]> Sounds => new()
    {
        { "voice", Signal.Voice(16000, 1000) },
        { "noise", Signal.Noise(16000, 3) },
        { "loud noise", Signal.Noise(16000, 4, 32767) },
        { "tone", Signal.Sine(1000, 16000, 500) },
        { "overload", Signal.Sine(700, 16000, 500, level: 0) },
        { "silence", new short[8000] },
        { "steps", [.. Enumerable.Range(0, 8000).Select(i => i / 400 % 2 == 0 ? short.MaxValue : short.MinValue)] },
    };

    // Where the sum of both bands leaves 16 bits, this spandsp turns over; the recommendation (and we) saturate.
    private static void AssertSame(short[] theirs, short[] ours, string name)
    {
        Assert.Equal(theirs.Length, ours.Length);
        for (var i = 0; i < ours.Length; i++)
            Assert.True(theirs[i] == ours[i] || ours[i] is short.MinValue or short.MaxValue, $"{name}, sample {i}: {theirs[i]} and {ours[i]}");
        Assert.True(ours.Count(sample => sample is short.MinValue or short.MaxValue) < ours.Length / 2);
    }

    private static byte[] Encode(short[] pcm)
    {
        using var encoder = new G722Encoder();
        var payload = new byte[pcm.Length / 2];
        Assert.Equal(payload.Length, encoder.Encode(pcm, payload));
        return payload;
    }

    private static short[] Decode(byte[] payload)
    {
        using var decoder = new G722Decoder();
        var pcm = new short[(2 * payload.Length) + SpeechCodecs.MaxPacketSamples];
        for (var at = 0; at < payload.Length; at += 160)
        {
            var packet = payload.AsSpan(at, Math.Min(160, payload.Length - at));
            Assert.Equal(2 * packet.Length, decoder.Decode(packet, pcm.AsSpan(2 * at)));
        }
        return pcm[..(2 * payload.Length)];
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(new ChildProcessOptions("ffmpeg", program, ["-y", "-loglevel", "error", .. arguments]));
        Assert.Equal(0, await process.Exited.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
