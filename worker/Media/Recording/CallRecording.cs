using System.Security.Cryptography;
using ClickToDial.Media.Codecs;
using ClickToDial.Media.Linux;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Recording;

/// <summary>
/// Records both sides of a call into a stereo WAV file as the call goes. The packet path only copies payloads into a bounded
/// queue per side; a loop of its own decodes, aligns and writes them a few times a second. If the process dies, the file keeps
/// what was written and <see cref="WavRepair"/> closes it.
/// </summary>
public sealed class CallRecording : IAsyncDisposable
{
    private readonly string _path;
    private readonly RecordingOptions _options;
    private readonly ILogger _logger;
    private readonly MediaClock _clock;
    private readonly PeriodicTimer _timer;
    private readonly RecordedSide _left;
    private readonly RecordedSide _right;
    private readonly StereoTimeline _timeline;
    private readonly byte[] _chunk;
    private readonly Stream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _began;
    private readonly long _maxSamples;
    private long _drained;
    private volatile bool _ended;

    private CallRecording(string path, Stream file, RecordingOptions options, TimeProvider time, ILogger logger)
    {
        _path = path;
        _file = file;
        _options = options;
        _logger = logger;
        _clock = new MediaClock(time);
        _began = _clock.Nanoseconds;
        _drained = _began;
        // Patience, an interval between writes, a second that a stream may be astray, and the longest packet.
        var window = options.Patience + options.WriteInterval + TimeSpan.FromMilliseconds(1000 + SpeechCodecs.MaxPacketMilliseconds);
        _timeline = new StereoTimeline((int)(window.TotalSeconds * options.SampleRate));
        _chunk = new byte[options.SampleRate]; // a quarter of a second
        _maxSamples = Math.Min((long)(options.MaxLength.TotalSeconds * options.SampleRate), WavHeader.MaxDataLength / 4);
        _left = new RecordedSide(RecordingSide.Left, options);
        _right = new RecordedSide(RecordingSide.Right, options);
        _timer = new PeriodicTimer(options.WriteInterval, time);
        Completion = RunAsync();
    }

    /// <summary>Completes when the file is closed, whatever ended the recording; never faults because of the disk.</summary>
    public Task<RecordingResult> Completion { get; }

    /// <summary>Begins a new file.</summary>
    /// <exception cref="IOException">The file exists, or cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options make no sense.</exception>
    public static CallRecording Start(string path, RecordingOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SampleRate is not (8000 or 16000 or 48000)) throw new ArgumentOutOfRangeException(nameof(options), options.SampleRate, "8000, 16000 or 48000 Hz.");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        return new CallRecording(path, file, options, time, logger);
    }

    /// <summary>The same into any stream that can seek, which it closes at the end.</summary>
    internal static CallRecording Start(string name, Stream file, RecordingOptions options, TimeProvider time, ILogger logger) =>
        new(name, file, options, time, logger);

    /// <summary>
    /// Hands over one packet. For the packet path: never waits and never allocates. Each side may have a thread of its own, and
    /// only one at a time.
    /// </summary>
    /// <param name="arrival">When it came: the clock of <see cref="Start"/> in nanoseconds.</param>
    /// <returns>False when the packet was dropped, or the recording has ended.</returns>
    public bool TryWrite(RecordingSide side, SpeechCodec codec, uint ssrc, uint timestamp, ReadOnlySpan<byte> payload, long arrival)
    {
        if (_ended || !RecordedSide.Fits(payload)) return false;
        var queue = side == RecordingSide.Left ? _left.Queue : _right.Queue;
        return queue.TryWrite(new QueuedPacket(arrival, ssrc, timestamp, (int)codec, payload.Length), payload);
    }

    /// <summary>Writes what is left and closes the file. May be called again.</summary>
    public Task<RecordingResult> StopAsync()
    {
        _ended = true;
        _timer.Dispose();
        return Completion;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<RecordingResult> RunAsync()
    {
        await Task.Yield(); // so that the starter does not wait for the disk
        string? problem = null;
        try
        {
            await WriteAllAsync();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error.Message;
            RecordingLog.Failed(_logger, error);
        }
        finally
        {
            _ended = true;
            _timer.Dispose();
            await CloseAsync();
            _left.Dispose();
            _right.Dispose();
        }
        using (_hash) return Result(problem);
    }

    private async Task WriteAllAsync()
    {
        WavHeader.WriteOpen(_chunk, _options.SampleRate);
        await _file.WriteAsync(_chunk.AsMemory(0, WavHeader.Length));
        while (_timeline.Start < _maxSamples && await _timer.WaitForNextTickAsync()) await CatchUpAsync();
        await CatchUpAsync();
        Drain(long.MaxValue);
        await WriteUntilAsync(_timeline.End);
        WavHeader.WriteClosed(_chunk, _options.SampleRate, (uint)(4 * _timeline.Start));
        _file.Position = 0;
        await _file.WriteAsync(_chunk.AsMemory(0, WavHeader.Length));
    }

    // An interval at a time, even when the disk held us up: so the window is never left behind by what waits in the queues.
    // Until a packet's patience has run out its place is kept open.
    private async Task CatchUpAsync()
    {
        var now = _clock.Nanoseconds;
        while (_drained < now)
        {
            _drained = Math.Min(now, _drained + (long)_options.WriteInterval.TotalNanoseconds);
            Drain(_drained);
            await WriteUntilAsync(SamplesAt(_drained - (long)_options.Patience.TotalNanoseconds));
        }
    }

    private void Drain(long until)
    {
        _left.Drain(_timeline, _began, until);
        _right.Drain(_timeline, _began, until);
    }

    private async Task WriteUntilAsync(long end)
    {
        end = Math.Min(end, _maxSamples);
        while (_timeline.Start < end)
        {
            var samples = (int)Math.Min(end - _timeline.Start, _chunk.Length / 4);
            var length = _timeline.Take(samples, _chunk);
            await _file.WriteAsync(_chunk.AsMemory(0, length));
            _hash.AppendData(_chunk, 0, length);
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException error)
        {
            RecordingLog.Failed(_logger, error); // the last write may be reported as late as here
        }
    }

    private long SamplesAt(long nanoseconds) => (long)((nanoseconds - _began) * (Int128)_options.SampleRate / 1_000_000_000);

    private RecordingResult Result(string? problem) => new(
        _path,
        problem is not null ? RecordingEnd.Failed : _timeline.Start >= _maxSamples ? RecordingEnd.TooLong : RecordingEnd.Stopped,
        TimeSpan.FromSeconds((double)_timeline.Start / _options.SampleRate),
        _left.Queue.Dropped + _right.Queue.Dropped + _left.Malformed + _right.Malformed,
        _left.Late + _right.Late,
        problem,
        Convert.ToHexStringLower(_hash.GetHashAndReset()));
}

internal static partial class RecordingLog
{
    [LoggerMessage(4501, LogLevel.Error, "A recording ended because its file cannot be written")]
    public static partial void Failed(ILogger logger, Exception error);
}
