using System.Collections.Concurrent;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>All calls of this worker: those under way, and for a while those that have ended.</summary>
internal sealed class CallBook : ICallControl
{
    private readonly CallServices _services;
    private readonly ConcurrentDictionary<CallId, Entry> _active = new();
    private readonly EndedCalls _ended;
    private readonly Lock _gate = new();
    private TaskCompletionSource _idle = CompletedSource();
    private int _count;
    private volatile bool _draining;

    public CallBook(CallServices services)
    {
        _services = services;
        _ended = new EndedCalls(services.Options.EndedKept, services.Options.EndedBytesKept);
    }

    /// <summary>Calls under way.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsDraining => _draining;

    /// <summary>Why a new call would be refused now; <see cref="OriginateVerdict.Accepted"/> when it would not.</summary>
    public OriginateVerdict Admission =>
        _draining ? OriginateVerdict.Draining
        : _services.Directory.Current is null || !_services.Spool.IsHealthy || _services.Media.Completion.IsCompleted ? OriginateVerdict.NotReady
        : Count >= _services.Options.MaxCalls ? OriginateVerdict.NoCapacity
        : OriginateVerdict.Accepted;

    public async Task<OriginateAnswer> OriginateAsync(CallId id, OriginateCommand command, CancellationToken stop)
    {
        if (Recall(id, command) is { } known) return known;
        if (command.NotAfter < _services.Time.GetUtcNow()) return Refuse(OriginateVerdict.TooLate);
        if (Admission is var verdict and not OriginateVerdict.Accepted) return Refuse(verdict);
        var direction = _services.Directory.Current!.RouteTo(command.Domain, command.Destination) is Route.ToUser
            ? CallDirection.Internal
            : CallDirection.Outbound;
        var call = new Call(_services, CallPlan.Of(id, command, direction, _services.Options.MaxDuration));
        if (!TryBegin(call, command, CallInput.Originate)) return Recall(id, command) ?? new OriginateAnswer(OriginateVerdict.Conflict);
        await call.Started.WaitAsync(stop);
        return new OriginateAnswer(OriginateVerdict.Accepted, call.Snapshot);
    }

    private OriginateAnswer Refuse(OriginateVerdict verdict)
    {
        _services.Metrics.Refused(verdict);
        return new OriginateAnswer(verdict);
    }

    public CallSnapshot? Find(CallId id) => _active.TryGetValue(id, out var entry) ? entry.Call.Snapshot : _ended.Find(id)?.Snapshot;

    public IReadOnlyList<CallSnapshot> List(CallFilter filter) =>
        [.. _active.Values.Select(entry => entry.Call.Snapshot).Where(call => call.State != CallState.Ended && filter.Matches(call))];

    public CallWatch? Watch(CallFilter filter)
    {
        var watch = new CallWatch(filter, Find, List, _services.Feed.Remove);
        return _services.Feed.TryAdd(watch) ? watch : null;
    }

    public async Task<OrderAnswer> OrderAsync(CallId id, CallOrder order, CancellationToken stop)
    {
        var other = order is CallOrder.Join join && _active.TryGetValue(join.WithCall, out var joined) ? joined.Call : null;
        if (_active.TryGetValue(id, out var entry))
        {
            var answer = await entry.Call.OrderAsync(order, other).WaitAsync(stop);
            if (answer.Verdict != OrderVerdict.Ended) return answer;
            await entry.Running.WaitAsync(stop); // It is just ending; from then on it is found among those that have.
        }
        return _ended.Find(id)?.Take(order) ?? new OrderAnswer(OrderVerdict.NotFound);
    }

    public async Task<CallSnapshot?> HangUpAsync(CallId id, CancellationToken stop)
    {
        if (_active.TryGetValue(id, out var entry))
        {
            entry.Call.Post(CallInput.ApiHangUp);
            await entry.Call.Ended.WaitAsync(stop);
            return entry.Call.Snapshot;
        }
        return _ended.Find(id)?.Snapshot;
    }

    /// <summary>Adds the call and sets it going; false when its id is taken.</summary>
    public bool TryBegin(Call call, OriginateCommand? command, CallInput first)
    {
        var entry = new Entry(call, command);
        if (!_active.TryAdd(call.Id, entry)) return false;
        lock (_gate)
        {
            if (_count++ == 0) _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        entry.Running = RunAsync(entry, first);
        return true;
    }

    /// <summary>Takes calls of an earlier process, so that commanding one of them again does not ring anybody twice.</summary>
    public void Remember(CallEvent terminal) => _ended.Add(new EndedCall(
        new CallSnapshot(terminal.CallId, CallState.Ended, terminal.Call, terminal.ConnectedAt, terminal.Time, terminal.Outcome)));

    /// <summary>No new calls from now on.</summary>
    public void Drain() => _draining = true;

    /// <summary>Completes when no call is under way.</summary>
    public Task WhenIdle()
    {
        lock (_gate) return _idle.Task;
    }

    /// <summary>Ends every call under way.</summary>
    public Task EndAllAsync(CallInput input)
    {
        foreach (var entry in _active.Values) entry.Call.Post(input);
        return WhenIdle();
    }

    private static TaskCompletionSource CompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    // Trace context and time limit differ from one attempt to the next; the command is the same.
    private static bool IsSame(OriginateCommand? known, OriginateCommand command) =>
        known is null || known with { TraceParent = null, NotAfter = null } == command with { TraceParent = null, NotAfter = null };

    private OriginateAnswer? Recall(CallId id, OriginateCommand command)
    {
        var (known, call) = _active.TryGetValue(id, out var entry) ? (entry.Command, entry.Call.Snapshot)
            : _ended.Find(id) is { } ended ? (ended.Command, ended.Snapshot)
            : (null, null);
        if (call is null) return null;
        return IsSame(known, command) ? new OriginateAnswer(OriginateVerdict.Existing, call) : new OriginateAnswer(OriginateVerdict.Conflict);
    }

    private async Task RunAsync(Entry entry, CallInput first)
    {
        await Task.Yield();
        try
        {
            await entry.Call.RunAsync(first);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Neither its start nor its end could be told: the spool is closed, or there is a defect.
            CallLog.Untold(_services.Logger, entry.Call.Id, e);
            await entry.Call.AbortAsync(e);
        }
        // First where it is found afterwards, then no longer here: a question in between finds it in one of the two.
        _ended.Add(new EndedCall(entry.Call.Snapshot, entry.Command, entry.Call.Commands is { Count: > 0 } orders ? orders : null));
        _active.TryRemove(entry.Call.Id, out _);
        lock (_gate)
        {
            if (--_count == 0) _idle.TrySetResult();
        }
    }

    private sealed class Entry(Call call, OriginateCommand? command)
    {
        public Call Call => call;

        public OriginateCommand? Command => command;

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
