using ClickToDial.Media.Codecs;
using ClickToDial.Media.Recording;
using ClickToDial.Media.Tests.Support;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using MediaWav = ClickToDial.Media.Audio.WavFile;

namespace ClickToDial.Media.Tests.Recording;

public sealed class CallRecordingTests : IDisposable
{
    private static readonly RecordingOptions Options = RecordingOptions.Default with { SampleRate = 8000 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recording-");
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_side_is_heard_in_its_own_channel()
    {
        var recording = Start();
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 50);
        Talk(recording, RecordingSide.Right, SpeechCodec.G722, 880, 0, 50);
        var result = await StopAsync(recording, 1);
        Assert.Equal((RecordingEnd.Stopped, 0L, 0L), (result.End, result.Dropped, result.Late));
        Assert.Equal(1, result.Length.TotalSeconds, 0.001);
        var (left, right) = Channels(result.Path);
        Assert.Equal(8000, left.Length);
        Assert.True(ToneMeter.IsMainly(left.AsSpan(800), 440));
        Assert.True(ToneMeter.IsMainly(right.AsSpan(800), 880));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(48000)]
    public async Task The_file_has_the_rate_that_was_asked_for(int sampleRate)
    {
        var recording = Start(Options with { SampleRate = sampleRate });
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcma, 440, 0, 50);
        var result = await StopAsync(recording, 1);
        var sound = MediaWav.TryRead(await File.ReadAllBytesAsync(result.Path))!;
        Assert.Equal((sampleRate, 2, 2 * sampleRate), (sound.SampleRate, sound.Channels, sound.Samples.Length));
        Assert.True(ToneMeter.IsMainly(Channels(result.Path).Left.AsSpan(sampleRate / 10), 440, sampleRate));
    }

    [Fact]
    public async Task Sides_that_begin_apart_are_aligned_by_arrival_and_gaps_are_silence()
    {
        var recording = Start();
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 10);
        Talk(recording, RecordingSide.Right, SpeechCodec.Pcmu, 880, 25, 10); // half a second later
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 40, 10); // after a pause in its timestamps
        var (left, right) = Channels((await StopAsync(recording, 1)).Path);
        Assert.Equal(50 * 160, left.Length);
        AssertSounds(left, 440, (0, 10), (40, 50));
        AssertSounds(right, 880, (25, 35));
    }

    [Fact]
    public async Task Jitter_and_disorder_leave_no_mark()
    {
        var steady = Start();
        Talk(steady, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 50);
        var jittery = Start();
        var packets = Packets(SpeechCodec.Pcmu, 440, 50);
        var random = new Random(3);
        var order = Enumerable.Range(0, 50).Select(i => (i, at: (i * 20) + (i == 0 ? 0 : random.Next(80)))).OrderBy(p => p.at);
        foreach (var (i, at) in order) Write(jittery, RecordingSide.Left, SpeechCodec.Pcmu, 7, i, packets[i], at);
        var expected = Channels((await StopAsync(steady, 1.2)).Path);
        var heard = Channels((await StopAsync(jittery, 0)).Path);
        Assert.Equal(expected.Left, heard.Left);
    }

    [Fact]
    public async Task A_stream_that_begins_anew_is_placed_by_its_arrival()
    {
        var recording = Start();
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 10);
        var packets = Packets(SpeechCodec.Pcmu, 440, 10);
        for (var i = 0; i < 10; i++) // another source, with timestamps from elsewhere
            recording.TryWrite(RecordingSide.Left, SpeechCodec.Pcmu, 99, 3_000_000_000 + (uint)(160 * i), packets[i], Now + Ms(20 * (i + 30)));
        var (left, _) = Channels((await StopAsync(recording, 1)).Path);
        AssertSounds(left, 440, (0, 10), (30, 40));
    }

    [Fact]
    public async Task The_codec_may_change_in_the_middle()
    {
        var recording = Start();
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 25);
        Talk(recording, RecordingSide.Left, SpeechCodec.G722, 660, 25, 25, ssrc: 8);
        var (left, _) = Channels((await StopAsync(recording, 1)).Path);
        Assert.True(ToneMeter.IsMainly(left.AsSpan(800, 3000), 440));
        Assert.True(ToneMeter.IsMainly(left.AsSpan(4800, 3000), 660));
    }

    [Fact]
    public async Task While_the_call_goes_on_the_file_grows_and_can_be_read()
    {
        var (recording, file) = StartWatched();
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 100);
        _time.Advance(TimeSpan.FromSeconds(2));
        await file.HoldsAsync(44 + (4 * 12000)); // all but the half second of patience
        var sound = MediaWav.TryRead(Read(file.Name))!;
        Assert.Equal(2 * 12000, sound.Samples.Length);
        Assert.Equal(2, (await recording.StopAsync()).Length.TotalSeconds);
    }

    [Fact]
    public async Task A_file_cut_off_by_a_crash_is_repaired()
    {
        var (recording, file) = StartWatched();
        Talk(recording, RecordingSide.Right, SpeechCodec.Pcmu, 440, 0, 100);
        _time.Advance(TimeSpan.FromSeconds(2));
        await file.HoldsAsync(44 + (4 * 12000));
        var crashed = In("crashed.wav");
        await File.WriteAllBytesAsync(crashed, [.. Read(file.Name), 1, 2, 3]); // half a pair had been written
        Assert.Equal(WavCondition.Repaired, WavRepair.Repair(crashed));
        Assert.Equal(WavCondition.Sound, WavRepair.Repair(crashed));
        Assert.Equal(44 + (4 * 12000), new FileInfo(crashed).Length);
        Assert.True(ToneMeter.IsMainly(Channels(crashed).Right, 440));
        var result = await recording.StopAsync();
        Assert.Equal(WavCondition.Sound, WavRepair.Repair(result.Path));
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        var path = In("other.wav");
        WavFile.OfTone(440, TimeSpan.FromSeconds(1)).Write(path);
        var before = File.ReadAllBytes(path);
        Assert.Equal(WavCondition.NotOurs, WavRepair.Repair(path));
        Assert.Equal(before, File.ReadAllBytes(path));
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Equal(WavCondition.NotOurs, WavRepair.Repair(path));
    }

    [Fact]
    public async Task A_packet_after_its_place_was_written_is_counted_as_late()
    {
        var recording = Start();
        var packets = Packets(SpeechCodec.Pcmu, 440, 2);
        Write(recording, RecordingSide.Left, SpeechCodec.Pcmu, 7, 0, packets[0], 0);
        Write(recording, RecordingSide.Left, SpeechCodec.Pcmu, 7, 1, packets[1], 900);
        Assert.Equal(1, (await StopAsync(recording, seconds: 1)).Late);
    }

    [Fact]
    public async Task A_full_queue_drops_and_the_packet_path_goes_on()
    {
        var recording = Start();
        var written = Enumerable.Range(0, 1000).Count(i => recording.TryWrite(RecordingSide.Left, SpeechCodec.Pcmu, 7, (uint)(160 * i), new byte[160], Now));
        Assert.InRange(written, 170, 180); // 32 kB of 184 octets each
        Assert.False(recording.TryWrite(RecordingSide.Right, SpeechCodec.Pcmu, 7, 0, new byte[1501], Now));
        Assert.Equal(1000 - written, (await recording.StopAsync()).Dropped);
        Assert.False(recording.TryWrite(RecordingSide.Right, SpeechCodec.Pcmu, 7, 0, new byte[160], Now));
    }

    [Fact]
    public async Task A_recording_ends_at_its_longest_length()
    {
        var recording = Start(Options with { MaxLength = TimeSpan.FromSeconds(1) });
        Talk(recording, RecordingSide.Left, SpeechCodec.Pcmu, 440, 0, 100);
        _time.Advance(TimeSpan.FromSeconds(2));
        var result = await recording.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((RecordingEnd.TooLong, 1.0), (result.End, result.Length.TotalSeconds));
        Assert.Equal(WavCondition.Sound, WavRepair.Repair(result.Path));
    }

    [Fact]
    public async Task A_disk_that_refuses_ends_the_recording_and_nothing_else()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "No /dev/full on this system.");
        var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        var recording = CallRecording.Start("full", full, Options, _time, NullLogger.Instance);
        var result = await recording.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(RecordingEnd.Failed, result.End);
        Assert.NotNull(result.Problem);
        Assert.False(recording.TryWrite(RecordingSide.Left, SpeechCodec.Pcmu, 7, 0, new byte[160], Now));
    }

    [Fact]
    public async Task An_existing_file_is_not_overwritten()
    {
        await using var first = CallRecording.Start(In("a.wav"), Options, _time, NullLogger.Instance);
        Assert.Throws<IOException>(() => CallRecording.Start(In("a.wav"), Options, _time, NullLogger.Instance));
    }

    [Fact]
    public async Task The_packet_path_allocates_nothing()
    {
        var recording = Start();
        var payload = new byte[160];
        var written = 0;
        Assert.Equal(0, Allocations.OfLeanestRun(() =>
        {
            for (var end = written + 125; written < end; written++) recording.TryWrite(RecordingSide.Left, SpeechCodec.Pcmu, 7, (uint)(160 * written), payload, 0);
        }));
        await recording.StopAsync();
    }

    private long Now => _time.GetTimestamp() * 100;

    private CallRecording Start(RecordingOptions? options = null) =>
        CallRecording.Start(In($"{Guid.NewGuid():N}.wav"), options ?? Options, _time, NullLogger.Instance);

    private (CallRecording Recording, WatchedFile File) StartWatched()
    {
        var file = new WatchedFile(In($"{Guid.NewGuid():N}.wav"));
        return (CallRecording.Start(file.Name, file, Options, _time, NullLogger.Instance), file);
    }

    private Task<RecordingResult> StopAsync(CallRecording recording, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return recording.StopAsync();
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    // Packets are handed over ahead of the clock, with the time they would have come; then it is moved past them.
    private void Talk(CallRecording recording, RecordingSide side, SpeechCodec codec, double hertz, int firstFrame, int frames, uint ssrc = 7)
    {
        var packets = Packets(codec, hertz, frames);
        for (var i = 0; i < frames; i++) Write(recording, side, codec, ssrc, firstFrame + i, packets[i], 20 * (firstFrame + i));
    }

    private void Write(CallRecording recording, RecordingSide side, SpeechCodec codec, uint ssrc, int frame, byte[] payload, int milliseconds) =>
        Assert.True(recording.TryWrite(side, codec, ssrc, unchecked(0xFFFF_F000 + (uint)(frame * codec.ClockRate / 50)), payload, Now + Ms(milliseconds)));

    private static long Ms(long milliseconds) => milliseconds * 1_000_000;

    private static byte[][] Packets(SpeechCodec codec, double hertz, int count)
    {
        using var encoder = codec.CreateEncoder();
        var pcm = Codecs.Signal.Sine(hertz, codec.SampleRate, 20 * count);
        var payload = new byte[SpeechCodecs.MaxFrameOctets];
        var frame = codec.SampleRate / 50;
        return [.. Enumerable.Range(0, count).Select(i => payload[..encoder.Encode(pcm.AsSpan(i * frame, frame), payload)])];
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static (short[] Left, short[] Right) Channels(string path)
    {
        var samples = MediaWav.TryRead(Read(path))!.Samples;
        return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
    }

    private static void AssertSounds(short[] channel, double hertz, params (int From, int To)[] frames)
    {
        for (var i = 0; i < channel.Length / 160; i++)
        {
            var frame = channel.AsSpan(i * 160, 160);
            if (frames.Any(f => i >= f.From && i < f.To)) Assert.True(ToneMeter.IsMainly(frame, hertz), $"frame {i}");
            else Assert.True(ToneMeter.TotalLevel(frame) < -70, $"frame {i}");
        }
    }
}
