using System.Threading.Channels;
using ClickToDial.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Events;

/// <summary>
/// Posts what is in the spool: many calls at once, each call's events one after the other. One loop owns all of it; posts report
/// back to the loop.
/// </summary>
/// <remarks>
/// A failed post is tried again, the event staying the first of its call. While the last post anywhere failed, one post at a
/// time goes out and the waits between them grow, so that a receiver that is down is asked by one caller, not by thousands of
/// calls. One success opens the gate again; an event that is refused every time then only delays its own call.
/// </remarks>
public sealed class EventSender : IAsyncDisposable
{
    private readonly EventSpool _spool;
    private readonly IEventPoster _poster;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly SpoolReader _reader;
    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<CallId, Lane> _lanes = [];
    private readonly Queue<Lane> _ready = new();
    private readonly PriorityQueue<Lane, TimeSpan> _resting = new();
    private readonly HashSet<SpoolSegment> _segments = [];
    private readonly List<TaskCompletionSource> _flushes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _loop;
    private readonly ITimer _diskTimer;
    private readonly long _began;
    private TimeSpan _gateOpens;
    private int _diskFailures;
    private int _failuresInARow;
    private int _loaded;
    private int _posting;
    private int _wakePending;

    public EventSender(
        EventSpool spool, IEventPoster poster, EventOptions options, TimeProvider time, Random random, ILogger<EventSender> logger)
    {
        _spool = spool;
        _poster = poster;
        _options = options;
        _time = time;
        _logger = logger;
        _backoff = new Backoff(options.FirstRetry, options.LongestRetry, random);
        _reader = new SpoolReader((segment, bytes) => EventLog.SegmentDamaged(logger, segment, bytes));
        _began = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((EventSender)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _diskTimer = time.CreateTimer(static self => ((EventSender)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        spool.Grown = Wake;
        _loop = RunAsync();
    }

    /// <summary>Ends when the sender is disposed of; faults by a defect, after which nothing is posted any more.</summary>
    public Task Completion => _loop;

    // Counted from the start, so that a clock that is put right moves no deadline.
    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>Completes when everything that was handed to the spool before has been accepted.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        await _spool.SyncAsync(stop);
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reports.Writer.TryWrite(new Report(null, default, flushed));
        await flushed.Task.WaitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        _spool.Grown = null;
        _reports.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync();
        await _diskTimer.DisposeAsync();
        _stop.Dispose();
    }

    // At most one wake-up waits in the channel: the loop looks at everything when it gets one.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0) _reports.Writer.TryWrite(default);
    }

    private async Task RunAsync()
    {
        Wake();
        while (await _reports.Reader.WaitToReadAsync())
        {
            while (_reports.Reader.TryRead(out var report)) Take(report);
            WakeRested();
            var read = TryDisk(Load);
            Dispatch();
            if (TryDisk(Tidy) && read) DiskAgrees();
        }
        // The one being written is still the spool's.
        foreach (var segment in _segments.Where(segment => segment.IsSealed)) segment.Dispose();
    }

    // A disk that refuses, because it is full or away, is asked again later; what was read before is posted meanwhile.
    private bool TryDisk(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_diskFailures++ == 0) EventLog.SpoolUnreadable(_logger, e);
            _spool.IsReadable = false;
            _diskTimer.Change(_backoff.After(_diskFailures), Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    private void DiskAgrees()
    {
        _diskFailures = 0;
        _spool.IsReadable = true;
    }

    private void Take(Report report)
    {
        if (report.Flushed is not null) _flushes.Add(report.Flushed);
        if (report.Lane is not { } lane)
        {
            // Lowered after the wake-up has left the channel, never before: else one could be taken with the flag left up.
            Interlocked.Exchange(ref _wakePending, 0);
            return;
        }
        _posting--;
        if (report.Verdict == PostVerdict.Accepted) Accepted(lane);
        else Failed(lane, report.Verdict);
    }

    private void Accepted(Lane lane)
    {
        if (_failuresInARow > 0) EventLog.PostsResumed(_logger);
        _failuresInARow = 0;
        lane.Failures = 0;
        var done = lane.Events.Dequeue();
        done.Segment.Ack(done.Ordinal);
        _loaded--;
        if (lane.Events.Count > 0) _ready.Enqueue(lane);
        else _lanes.Remove(lane.CallId);
    }

    private void Failed(Lane lane, PostVerdict verdict)
    {
        if (_stop.IsCancellationRequested) return;
        if (lane.Failures++ == 0) EventLog.PostFailed(_logger, lane.CallId, verdict);
        // Those that were under way together are one failure of the receiver, not many.
        if (_failuresInARow == 0 || _posting == 0) _failuresInARow++;
        var now = Now;
        _gateOpens = now + _backoff.After(_failuresInARow);
        _resting.Enqueue(lane, now + _backoff.After(lane.Failures));
    }

    private void WakeRested()
    {
        var now = Now;
        while (_resting.TryPeek(out var lane, out var until) && until <= now)
        {
            _resting.Dequeue();
            _ready.Enqueue(lane);
        }
    }

    private void Load()
    {
        while (_spool.TryTakeSegment(out var segment))
        {
            _segments.Add(segment);
            _reader.Add(segment);
        }
        while (_loaded < _options.MaxLoaded && _reader.TryRead(out var next))
        {
            _loaded++;
            if (!_lanes.TryGetValue(next.CallId, out var lane))
            {
                _lanes.Add(next.CallId, lane = new Lane(next.CallId));
                _ready.Enqueue(lane);
            }
            lane.Events.Enqueue(next);
        }
    }

    private void Dispatch()
    {
        var now = Now;
        var allowed = _failuresInARow == 0 ? _options.MaxPosts : now >= _gateOpens ? 1 : 0;
        while (_posting < allowed && _ready.TryDequeue(out var lane))
        {
            _posting++;
            _ = PostAsync(lane, lane.Events.Peek().Json);
        }
        Rest(now);
    }

    private void Rest(TimeSpan now)
    {
        var due = _resting.TryPeek(out _, out var first) ? first : TimeSpan.MaxValue;
        if (_failuresInARow > 0 && _ready.Count > 0 && _gateOpens < due) due = _gateOpens;
        if (due == TimeSpan.MaxValue || (due <= now && _posting > 0)) return;
        _timer.Change(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Tidy()
    {
        foreach (var segment in _segments) segment.WriteAcks();
        _segments.RemoveWhere(segment =>
        {
            if (segment.IsDone) segment.Delete();
            return segment.IsDone;
        });
        if (_loaded > 0) return;
        foreach (var flushed in _flushes) flushed.TrySetResult();
        _flushes.Clear();
    }

    // Its result is awaited by the loop, as a report; it cannot throw.
    private async Task PostAsync(Lane lane, byte[] json)
    {
        await Task.Yield();
        var verdict = PostVerdict.Unreachable;
        try
        {
            verdict = await _poster.PostAsync(json, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return; // The process ends; the event is on disk.
        }
        _reports.Writer.TryWrite(new Report(lane, verdict, null));
    }

    private readonly record struct Report(Lane? Lane, PostVerdict Verdict, TaskCompletionSource? Flushed);

    private sealed class Lane(CallId callId)
    {
        public CallId CallId => callId;

        public Queue<PendingEvent> Events { get; } = new(4);

        public int Failures { get; set; }
    }
}
