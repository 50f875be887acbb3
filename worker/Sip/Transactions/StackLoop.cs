using System.Collections.Concurrent;
using System.Diagnostics;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transactions;

/// <summary>What the loop works on: a received message, a failed flow (unreached: it never was open), or a step somebody asked for, within a span.</summary>
internal readonly record struct StackItem(SipMessage? Message, SipFlow? Flow, Action? Step, bool Unreached = false, Activity? Span = null);

/// <summary>
/// The one owner of all transactions: items from the transports, steps from users and the ticks of the timer wheel are
/// handled one after the other, so that nothing in the stack needs a lock. Messages from the network are bounded in number;
/// steps are not, because each belongs to a call that was let in.
/// </summary>
/// <remarks>
/// It has no thread of its own. Whoever brings an item while nobody is at work handles it, and what others bring meanwhile,
/// for a bounded number of turns; then the thread pool goes on. Handing each message from one thread to another would cost
/// more than most messages do.
/// </remarks>
internal sealed class StackLoop : IAsyncDisposable, IThreadPoolWorkItem
{
    private const int Turns = 64;

    private readonly ConcurrentQueue<StackItem> _items = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _maxWaiting;
    private readonly long _start;
    private readonly ITimer _ticker;
    private readonly Action _tick;
    private Action<SipMessage, SipFlow> _onMessage = (_, _) => { };
    private Action<SipFlow, bool> _onFlowFailed = (_, _) => { };
    private int _unfinished = 1; // Who raises it from 0 goes to work. The first one is taken away by the start.
    private int _waiting;
    private int _tickPosted;
    private bool _ticking;
    private bool _started;
    private volatile bool _closed;
    private volatile int _thread;

    public StackLoop(TimeProvider time, ILogger logger, int maxWaiting)
    {
        _time = time;
        _logger = logger;
        _maxWaiting = maxWaiting;
        _start = time.GetTimestamp();
        _tick = Tick;
        _ticker = time.CreateTimer(_ => PostTick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimerWheel Timers { get; } = new();

    /// <summary>Network messages that wait to be handled.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Start(Action<SipMessage, SipFlow> onMessage, Action<SipFlow, bool> onFlowFailed)
    {
        _onMessage = onMessage;
        _onFlowFailed = onFlowFailed;
        _started = true;
        if (Interlocked.Decrement(ref _unfinished) > 0) GoOnLater();
    }

    /// <summary>False when too many messages wait.</summary>
    public bool TryPostMessage(SipMessage message, SipFlow flow)
    {
        if (Interlocked.Increment(ref _waiting) > _maxWaiting || _closed)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        Post(new StackItem(message, flow, null));
        return true;
    }

    public void PostFlowFailed(SipFlow flow, bool unreached) => Post(new StackItem(null, flow, null, unreached));

    /// <summary>Runs the step: at once when nobody is at work or the loop itself asks, and else as soon as its turn comes.</summary>
    public void Do(Action step)
    {
        if (_thread == Environment.CurrentManagedThreadId) step();
        else Post(new StackItem(null, null, step, Span: Activity.Current));
    }

    public void Arm(WheelTimer timer, TimeSpan interval)
    {
        if (Timers.Count == 0) Timers.Advance(NowTick());
        Timers.Arm(timer, interval);
        if (_ticking) return;
        _ticking = true;
        _ticker.Change(TimerWheel.Resolution, TimerWheel.Resolution);
    }

    /// <summary>Handles what was brought before, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new StackItem(null, null, last.SetResult));
        _closed = true;
        if (_started) await last.Task;
        await _ticker.DisposeAsync();
    }

    void IThreadPoolWorkItem.Execute() => Work();

    private void Post(in StackItem item)
    {
        if (_closed) return;
        _items.Enqueue(item);
        if (Interlocked.Increment(ref _unfinished) != 1) return;
        if (Activity.Current is { } current) WorkApart(current);
        else Work();
    }

    // Whose work this thread does otherwise is not whose messages these are: what they lead to is no part of its trace. Steps bring theirs.
    private void WorkApart(Activity current)
    {
        Activity.Current = null;
        Work();
        Activity.Current = current;
    }

    // At any time one thread is in here, or about to be: the one that raised the number from 0, or whom it left the rest to.
    private void Work()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            _items.TryDequeue(out var item);
            _thread = Environment.CurrentManagedThreadId;
            var fine = false;
            try
            {
                Handle(item);
                fine = true;
            }
            finally
            {
                // Whatever gets past the edge in there takes one item with it, not the loop.
                _thread = 0;
                if (!fine && Interlocked.Decrement(ref _unfinished) > 0) GoOnLater();
            }
            if (Interlocked.Decrement(ref _unfinished) == 0) return;
        }
        GoOnLater();
    }

    private void GoOnLater() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    // One bad item must not end the loop for everybody else: this is the edge at which a defect is caught.
    private void Handle(in StackItem item)
    {
        try
        {
            if (item.Span is not null) Within(item.Span, item.Step!);
            else if (item.Step is not null) item.Step();
            else if (item.Message is null) _onFlowFailed(item.Flow!, item.Unreached);
            else
            {
                Interlocked.Decrement(ref _waiting);
                _onMessage(item.Message, item.Flow!);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SipLog.StepFailed(_logger, item.Step is not null ? "step" : item.Message is null ? "flow failure" : "message", e);
        }
    }

    private static void Within(Activity span, Action step)
    {
        Activity.Current = span;
        try
        {
            step();
        }
        finally
        {
            Activity.Current = null;
        }
    }

    private void PostTick()
    {
        if (Interlocked.Exchange(ref _tickPosted, 1) == 0) Post(new StackItem(null, null, _tick));
    }

    private void Tick()
    {
        Volatile.Write(ref _tickPosted, 0);
        Timers.Advance(NowTick());
        if (Timers.Count > 0 || !_ticking) return;
        _ticking = false;
        _ticker.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long NowTick() => _time.GetElapsedTime(_start).Ticks / TimerWheel.Resolution.Ticks;
}
