using ClickToDial.Media.Codecs;
using ClickToDial.Media.Tests.Support;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class TranscoderTests
{
    private static readonly SpeechCodec[] All = [SpeechCodec.Pcmu, SpeechCodec.Pcma, SpeechCodec.G722, SpeechCodec.Opus];

    public static TheoryData<SpeechCodec, SpeechCodec, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<SpeechCodec, SpeechCodec, int>();
            foreach (var from in All)
                foreach (var to in All)
                    foreach (var packetTime in new[] { 10, 20, 30, 40 })
                        if (from != SpeechCodec.Opus || packetTime == 20) pairs.Add(from, to, packetTime);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_tone_crosses_from_any_codec_to_any_other_in_even_frames(SpeechCodec from, SpeechCodec to, int packetTime)
    {
        SkipWithoutOpus(from, to);
        using var rig = new Rig(from, to);
        rig.Send(Signal.Sine(440, from.SampleRate, 1200), packetTime);
        Assert.Equal(1200 / 20, rig.Frames.Count);
        Assert.All(rig.Frames, (frame, i) => Assert.Equal(((uint)(i * to.ClockRate / 50), i == 0), (frame.Timestamp, frame.Marker)));
        Assert.True(ToneMeter.IsMainly(rig.Heard().AsSpan(to.SampleRate / 5), 440, to.SampleRate));
    }

    [Theory]
    [InlineData(SpeechCodec.Pcmu, SpeechCodec.G722)]
    [InlineData(SpeechCodec.G722, SpeechCodec.Pcma)]
    [InlineData(SpeechCodec.Opus, SpeechCodec.Pcmu)]
    public void Lost_packets_are_bridged_and_time_goes_on_evenly(SpeechCodec from, SpeechCodec to)
    {
        SkipWithoutOpus(from, to);
        using var rig = new Rig(from, to);
        rig.Send(Signal.Sine(440, from.SampleRate, 1200), 20, lost: i => i is 20 or 31 or 32);
        Assert.Equal(60, rig.Frames.Count);
        Assert.All(rig.Frames.Skip(1), frame => Assert.False(frame.Marker));
        Assert.Equal((uint)(59 * to.ClockRate / 50), rig.Frames[^1].Timestamp);
        Assert.True(ToneMeter.IsMainly(rig.Heard().AsSpan(20 * to.SampleRate / 50, to.SampleRate / 25), 440, to.SampleRate));
    }

    [Fact]
    public void A_gap_too_long_to_guess_becomes_a_pause_in_the_timestamps()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Send(Signal.Sine(440, 8000, 800), 20, lost: i => i is >= 10 and < 30);
        Assert.Equal(20, rig.Frames.Count);
        Assert.Equal((9 * 160u, false), (rig.Frames[9].Timestamp, rig.Frames[9].Marker));
        Assert.Equal((30 * 160u, true), (rig.Frames[10].Timestamp, rig.Frames[10].Marker));
    }

    [Fact]
    public void A_pause_of_the_sender_is_a_pause_of_ours_even_inside_a_frame()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Push(0, 0, new byte[80]); // half a frame
        rig.Push(1, 8000, new byte[160]);
        rig.Push(2, 8160, new byte[160]);
        Assert.Equal([0u, 8000u, 8160u], rig.Frames.Select(frame => frame.Timestamp));
        Assert.Equal([true, true, false], rig.Frames.Select(frame => frame.Marker));
    }

    [Fact]
    public void Sequence_and_timestamp_may_wrap()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        for (var i = 0; i < 10; i++) rig.Push((ushort)(65530 + i), uint.MaxValue - 500 + (uint)(160 * i), new byte[160]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (uint)(160 * i)), rig.Frames.Select(frame => frame.Timestamp));
    }

    [Fact]
    public void Duplicates_and_stragglers_are_dropped()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Push(5, 0, new byte[160]);
        Assert.Equal(TranscodeVerdict.Late, rig.TryPush(5, 0, new byte[160]));
        rig.Push(7, 320, new byte[160]);
        Assert.Equal(TranscodeVerdict.Late, rig.TryPush(6, 160, new byte[160]));
        Assert.Equal(3, rig.Frames.Count);
    }

    [Fact]
    public void A_sender_that_begins_anew_is_followed()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Push(30000, 4_000_000_000, new byte[160]);
        rig.Push(100, 17, new byte[160]);
        rig.Push(101, 177, new byte[160]);
        Assert.Equal([0u, 160u, 320u], rig.Frames.Select(frame => frame.Timestamp));
    }

    [Fact]
    public void A_malformed_payload_is_concealed_like_a_lost_one()
    {
        SkipWithoutOpus(SpeechCodec.Opus, SpeechCodec.Pcmu);
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Push(1, 0, new byte[160]);
        Assert.Equal(TranscodeVerdict.Malformed, rig.TryPush(2, 160, new byte[2000]));
        rig.Push(3, 320, new byte[160]);
        Assert.Equal([0u, 160u, 320u], rig.Frames.Select(frame => frame.Timestamp));
    }

    [Fact]
    public void Frames_that_nobody_takes_are_an_overrun_and_no_growth()
    {
        using var transcoder = new Transcoder(SpeechCodec.Pcmu, SpeechCodec.G722);
        var verdicts = Enumerable.Range(0, 50).Select(i => transcoder.Push((ushort)i, (uint)(160 * i), new byte[160])).ToArray();
        Assert.Equal(TranscodeVerdict.Overrun, verdicts[^1]);
        var taken = 0;
        while (transcoder.TryTake(new byte[SpeechCodecs.MaxFrameOctets], out _)) taken++;
        Assert.Equal(verdicts.Count(verdict => verdict == TranscodeVerdict.Accepted), taken);
        Assert.Equal(TranscodeVerdict.Accepted, transcoder.Push(50, 160 * 50, new byte[160]));
    }

    [Theory]
    [InlineData(SpeechCodec.Pcma)]
    [InlineData(SpeechCodec.G722)]
    public void Comfort_noise_fills_the_silence_at_the_callers_pace(SpeechCodec to)
    {
        using var rig = new Rig(SpeechCodec.Pcmu, to);
        rig.Send(Signal.Sine(440, 8000, 200), 20);
        Assert.Equal(TranscodeVerdict.Accepted, rig.Transcoder.PushComfortNoise(10, 1600, [40]));
        Assert.True(rig.Transcoder.InSilence);
        for (var i = 0; i < 25; i++)
        {
            rig.Transcoder.AddNoise();
            rig.TakeAll();
        }
        rig.Push(11, 1600 + (30 * 160), new byte[160]); // speech again, 100 ms after the last noise
        Assert.False(rig.Transcoder.InSilence);
        Assert.Equal(10 + 25 + 1, rig.Frames.Count);
        Assert.Equal((40u * 160, true), (rig.Frames[^1].Timestamp, rig.Frames[^1].Marker));
        Assert.InRange(ToneMeter.TotalLevel(rig.Heard().AsSpan(15 * to.SampleRate / 50, to.SampleRate / 5)), -42, -34);
    }

    [Fact]
    public void Without_noise_of_ours_the_stream_pauses_while_the_sender_is_silent()
    {
        using var rig = new Rig(SpeechCodec.Pcmu, SpeechCodec.Pcma);
        rig.Push(1, 0, new byte[160]);
        rig.Transcoder.PushComfortNoise(2, 160, [40]);
        rig.Push(3, 8000, new byte[160]);
        Assert.Equal([(0u, true), (8000u, true)], rig.Frames.Select(frame => (frame.Timestamp, frame.Marker)));
    }

    [Fact]
    public void Random_packets_never_throw_and_frames_keep_their_order()
    {
        SkipWithoutOpus(SpeechCodec.Opus, SpeechCodec.Opus);
        var random = new Random(99);
        foreach (var from in All)
        {
            using var rig = new Rig(from, All[random.Next(4)]);
            for (var i = 0; i < 1500; i++)
            {
                var payload = new byte[random.Next(0, 500)];
                random.NextBytes(payload);
                var sequence = (ushort)(i + random.Next(-2, 3));
                var timestamp = random.Next(50) == 0 ? (uint)random.NextInt64(uint.MaxValue) : (uint)(160 * (i + random.Next(-2, 3)));
                if (random.Next(20) == 0) rig.Transcoder.PushComfortNoise(sequence, timestamp, payload);
                else rig.TryPush(sequence, timestamp, payload);
            }
            for (var i = 1; i < rig.Frames.Count; i++) Assert.True((int)(rig.Frames[i].Timestamp - rig.Frames[i - 1].Timestamp) > 0);
        }
    }

    [Theory]
    [InlineData(SpeechCodec.Pcmu, SpeechCodec.Opus)]
    [InlineData(SpeechCodec.Opus, SpeechCodec.G722)]
    [InlineData(SpeechCodec.G722, SpeechCodec.Pcma)]
    public void The_packet_path_allocates_nothing(SpeechCodec from, SpeechCodec to)
    {
        SkipWithoutOpus(from, to);
        using var transcoder = new Transcoder(from, to);
        var packets = Packets(from, Signal.Voice(from.SampleRate, 600), 20).ToArray();
        var output = new byte[SpeechCodecs.MaxFrameOctets];
        ushort sequence = 0;
        Run();
        Assert.Equal(0, Allocations.OfLeanestRun(Run));

        void Run()
        {
            foreach (var packet in packets)
            {
                sequence++;
                if (sequence % 9 != 0) transcoder.Push(sequence, (uint)(sequence * from.ClockRate / 50), packet);
                while (transcoder.TryTake(output, out _)) output[0]++;
            }
        }
    }

    [Fact]
    public void Names_of_codecs_are_known_in_any_case()
    {
        Assert.Equal([SpeechCodec.Pcmu, SpeechCodec.Pcma, SpeechCodec.G722, SpeechCodec.Opus], new[] { "pcmu", "PCMA", "G722", "opus" }.Select(name => SpeechCodecs.FromName(name)!.Value));
        Assert.Null(SpeechCodecs.FromName("G729"));
    }

    private static void SkipWithoutOpus(SpeechCodec from, SpeechCodec to) =>
        Assert.SkipUnless(OpusLibrary.IsAvailable || (from != SpeechCodec.Opus && to != SpeechCodec.Opus), OpusLibrary.Problem ?? "");

    private static IEnumerable<byte[]> Packets(SpeechCodec codec, short[] pcm, int packetTime)
    {
        using var encoder = codec.CreateEncoder();
        var length = codec.SampleRate / 1000 * packetTime;
        var payload = new byte[1024];
        for (var at = 0; at + length <= pcm.Length; at += length)
            yield return payload[..encoder.Encode(pcm.AsSpan(at, length), payload)];
    }

    /// <summary>A transcoder with a sender before and a listener behind it.</summary>
    private sealed class Rig(SpeechCodec from, SpeechCodec to) : IDisposable
    {
        private readonly byte[] _payload = new byte[SpeechCodecs.MaxFrameOctets];
        private readonly List<byte[]> _payloads = [];

        public Transcoder Transcoder { get; } = new(from, to);

        public List<TranscodedFrame> Frames { get; } = [];

        public void Send(short[] pcm, int packetTime, Func<int, bool>? lost = null)
        {
            var i = 0;
            foreach (var packet in Packets(from, pcm, packetTime))
            {
                if (lost?.Invoke(i) != true) Push((ushort)i, (uint)(i * from.ClockRate / 1000 * packetTime), packet);
                i++;
            }
        }

        public void Push(ushort sequence, uint timestamp, byte[] payload) =>
            Assert.Equal(TranscodeVerdict.Accepted, TryPush(sequence, timestamp, payload));

        public TranscodeVerdict TryPush(ushort sequence, uint timestamp, byte[] payload)
        {
            var verdict = Transcoder.Push(sequence, timestamp, payload);
            TakeAll();
            return verdict;
        }

        public void TakeAll()
        {
            while (Transcoder.TryTake(_payload, out var frame))
            {
                Frames.Add(frame);
                _payloads.Add(_payload[..frame.Length]);
            }
        }

        public short[] Heard()
        {
            using var decoder = to.CreateDecoder();
            var pcm = new short[SpeechCodecs.MaxPacketSamples];
            return [.. _payloads.SelectMany(payload => pcm[..decoder.Decode(payload, pcm)])];
        }

        public void Dispose() => Transcoder.Dispose();
    }
}
