using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Events;

/// <summary>
/// Where calls put their events. One thread writes whatever has gathered since its last write and forces it to disk once for
/// all of it, so the cost of a sync is shared by as many calls as are talking. Nothing is posted before it is on disk.
/// </summary>
public sealed class EventSpool : IDisposable
{
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Entry> _entries;
    private readonly ConcurrentQueue<SpoolSegment> _newSegments = new();
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _jsonWriter;
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly CancellationTokenSource _abandon = new();
    private readonly Thread _thread;
    private readonly OpenCalls _open;
    private SpoolSegment _segment;
    private long _checkpoint;
    private bool _busy;
    private readonly FileStream _lock;
    private volatile bool _failing;
    private volatile bool _unreadable;

    private EventSpool(EventOptions options, TimeProvider time, ILogger logger, OpenCalls open, SpoolSegment segment, FileStream exclusive)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _open = open;
        _segment = segment;
        _lock = exclusive;
        _jsonWriter = new Utf8JsonWriter(_json);
        _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(options.MaxUnwritten) { SingleReader = true });
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "event-spool" };
    }

    /// <summary>Called on the writer's thread each time more can be read.</summary>
    internal Action? Grown { get; set; }

    /// <summary>False while the disk refuses: new calls are better refused than not told of.</summary>
    public bool IsHealthy => !_failing && !_unreadable;

    /// <summary>Said by the sender: false while the disk gives back nothing of what it has.</summary>
    internal bool IsReadable
    {
        get => !_unreadable;
        set => _unreadable = !value;
    }

    /// <summary>Terminal events of the calls that were open when an earlier process died, and that this one has closed.</summary>
    public IReadOnlyList<CallEvent> LostCalls { get; private init; } = [];

    /// <summary>Terminal events, without their legs, of the calls that ended in earlier processes not long ago; the oldest first.</summary>
    public IReadOnlyList<CallEvent> EndedCalls { get; private init; } = [];

    /// <summary>
    /// Opens the folder. Calls that an earlier process left open get their terminal event here, so that it precedes anything new.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be used, or another process uses it.</exception>
    public static EventSpool Open(EventOptions options, TimeProvider time, ILogger logger)
    {
        System.IO.Directory.CreateDirectory(options.Folder);
        var exclusive = Lock(options.Folder);
        try
        {
            return Open(options, time, logger, exclusive);
        }
        catch
        {
            exclusive.Dispose();
            throw;
        }
    }

    private static EventSpool Open(EventOptions options, TimeProvider time, ILogger logger, FileStream exclusive)
    {
        var numbers = SpoolSegment.Find(options.Folder);
        var open = ReadOpenCalls(options, numbers);
        CallEvent[] ended = [.. open.Ended];
        var lost = open.Close(time.GetUtcNow(), options.Worker);
        var segment = SpoolSegment.Create(options.Folder, numbers.Length == 0 ? 1 : numbers[^1] + 1);
        var spool = new EventSpool(options, time, logger, open, segment, exclusive) { LostCalls = lost, EndedCalls = ended };
        foreach (var number in numbers) spool._newSegments.Enqueue(SpoolSegment.Open(options.Folder, number));
        spool._newSegments.Enqueue(segment);
        spool.WriteCheckpoint();
        foreach (var terminal in lost) spool.Encode(terminal);
        spool.WriteBatch();
        spool._thread.Start();
        if (lost.Count > 0) EventLog.LostCallsClosed(logger, lost.Count);
        return spool;
    }

    /// <summary>Hands an event over; waits only when the disk is far behind.</summary>
    public ValueTask AppendAsync(CallEvent told, CancellationToken stop = default) =>
        _entries.Writer.TryWrite(new Entry(told, null)) ? ValueTask.CompletedTask : _entries.Writer.WriteAsync(new Entry(told, null), stop);

    /// <summary>Hands an event over and waits until it is on disk.</summary>
    public Task AppendDurablyAsync(CallEvent told, CancellationToken stop = default) => WaitForDiskAsync(told, stop);

    /// <summary>Waits until everything handed over before is on disk.</summary>
    public Task SyncAsync(CancellationToken stop) => WaitForDiskAsync(null, stop);

    /// <summary>Takes the segments made since the last call, oldest first.</summary>
    internal bool TryTakeSegment(out SpoolSegment segment) => _newSegments.TryDequeue(out segment!);

    /// <summary>Writes what has been handed over and ends the writer.</summary>
    public void Dispose()
    {
        _entries.Writer.TryComplete();
        // A disk that refuses would hold the process for ever; what it refused is lost with the process either way.
        if (!_thread.Join(TimeSpan.FromSeconds(5))) _abandon.Cancel();
        _thread.Join();
        _segment.Dispose();
        _lock.Dispose();
        _jsonWriter.Dispose();
        _abandon.Dispose();
    }

    // Two workers on one folder would write over each other's segments and post everything twice.
    private static FileStream Lock(string folder) =>
        new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private async Task WaitForDiskAsync(CallEvent? told, CancellationToken stop)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _entries.Writer.WriteAsync(new Entry(told, durable), stop);
        await durable.Task.WaitAsync(stop);
    }

    private static OpenCalls ReadOpenCalls(EventOptions options, int[] numbers)
    {
        // Only the newest segment counts: its checkpoint repeats what was open before. One whose checkpoint is torn is empty.
        foreach (var number in numbers.Reverse())
        {
            using var segment = SpoolSegment.Open(options.Folder, number);
            var bytes = new byte[segment.DurableLength];
            if (OpenCalls.ReadFrom(bytes.AsSpan(0, segment.Read(bytes, 0)), options.EndedKept) is { } open) return open;
        }
        return new OpenCalls(options.EndedKept);
    }

    private void WriteLoop()
    {
        try
        {
            while (WaitForMore())
            {
                if (_busy) Thread.Sleep(_options.GatherTime); // This thread is the disk's, and has nothing else to do.
                Gather();
                WriteBatch();
                _busy = _entries.Reader.Count > 0;
                if (_segment.DurableLength - _checkpoint >= _options.SegmentBytes) Rotate();
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            EventLog.Abandoned(_logger);
        }
    }

    // The only blocking wait of the worker: this thread is the disk's.
    private bool WaitForMore()
    {
        var more = _entries.Reader.WaitToReadAsync(_abandon.Token);
        return more.IsCompletedSuccessfully ? more.Result : more.AsTask().GetAwaiter().GetResult();
    }

    private void Gather()
    {
        while (_batch.WrittenCount < _options.SegmentBytes && _entries.Reader.TryRead(out var entry))
        {
            if (entry.Told is not null) Encode(entry.Told);
            if (entry.Durable is not null) _waiting.Add(entry.Durable);
        }
    }

    private void Encode(CallEvent told)
    {
        _open.Apply(told);
        Encode(SpoolRecordKind.Event, told);
    }

    private void Encode(SpoolRecordKind kind, CallEvent told)
    {
        _json.ResetWrittenCount();
        _jsonWriter.Reset();
        JsonSerializer.Serialize(_jsonWriter, told, ContractsJson.Default.CallEvent);
        SpoolRecord.Write(_batch, kind, (byte)told.Type, told.Sequence, told.CallId, _json.WrittenSpan);
    }

    private void WriteBatch()
    {
        for (var failures = 0; !TryWriteBatch(failures); failures++)
            Task.Delay(_options.FirstRetry, _time, _abandon.Token).GetAwaiter().GetResult();
        _batch.ResetWrittenCount();
        foreach (var durable in _waiting) durable.TrySetResult();
        _waiting.Clear();
        Grown?.Invoke();
    }

    private bool TryWriteBatch(int failures)
    {
        try
        {
            _segment.AppendDurably(_batch.WrittenSpan);
            _failing = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failing = true;
            if (failures == 0) EventLog.DiskRefuses(_logger, e);
            return false;
        }
    }

    private void Rotate()
    {
        var old = _segment;
        try
        {
            _segment = SpoolSegment.Create(_options.Folder, old.Number + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            EventLog.DiskRefuses(_logger, e);
            return; // The old one grows on; the next batch tries again.
        }
        WriteCheckpoint();
        _newSegments.Enqueue(_segment);
        old.Seal();
        Grown?.Invoke();
    }

    private void WriteCheckpoint()
    {
        SpoolRecord.Write(_batch, SpoolRecordKind.CheckpointBegin, 0, 0, default, []);
        foreach (var open in _open.All) Encode(SpoolRecordKind.OpenCall, open);
        foreach (var ended in _open.Ended) Encode(SpoolRecordKind.EndedCall, ended);
        SpoolRecord.Write(_batch, SpoolRecordKind.CheckpointEnd, 0, 0, default, []);
        WriteBatch();
        _checkpoint = _segment.DurableLength;
    }

    private readonly record struct Entry(CallEvent? Told, TaskCompletionSource? Durable);
}
