namespace ClickToDial.Calls.Bridging;

/// <summary>A deadline on the <see cref="CallClock"/>; each call has one and arms it anew for each phase.</summary>
internal sealed class Deadline(Action<CallInput> due)
{
    internal Deadline? Previous;
    internal Deadline? Next;
    internal long Tick;
    internal CallInput Input;

    internal void Fall() => due(Input);
}

/// <summary>
/// The deadlines of all calls on one timer: a wheel of 100 ms slots, so that arming and taking back cost a few pointer writes
/// however many calls there are, and nothing is left behind by calls that end early.
/// </summary>
internal sealed class CallClock : IDisposable
{
    public static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(100);

    private const int Slots = 1024;

    private readonly Lock _gate = new();
    private readonly Deadline[] _slots = new Deadline[Slots];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly List<Deadline> _due = [];
    private long _now;
    private int _armed;

    public CallClock(TimeProvider time)
    {
        for (var i = 0; i < Slots; i++)
        {
            var head = new Deadline(_ => { });
            _slots[i] = head.Next = head.Previous = head;
        }
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Deadlines that are armed now.</summary>
    public int Armed
    {
        get { lock (_gate) return _armed; }
    }

    /// <summary>The input falls due after that time, and replaces what was armed.</summary>
    public void Arm(Deadline deadline, TimeSpan after, CallInput input)
    {
        lock (_gate)
        {
            Remove(deadline);
            if (_armed == 0)
            {
                _now = Elapsed();
                _timer.Change(Resolution, Resolution);
            }
            deadline.Input = input;
            // One more than the rounded time: the current slot has begun already.
            deadline.Tick = Elapsed() + 1 + ((after.Ticks + Resolution.Ticks - 1) / Resolution.Ticks);
            Link(_slots[deadline.Tick % Slots], deadline);
            _armed++;
        }
    }

    public void Disarm(Deadline deadline)
    {
        lock (_gate) Remove(deadline);
    }

    public void Dispose() => _timer.Dispose();

    private static void Link(Deadline head, Deadline deadline)
    {
        deadline.Previous = head.Previous;
        deadline.Next = head;
        head.Previous!.Next = deadline;
        head.Previous = deadline;
    }

    private void Remove(Deadline deadline)
    {
        if (deadline.Next is null) return;
        deadline.Previous!.Next = deadline.Next;
        deadline.Next.Previous = deadline.Previous;
        deadline.Next = deadline.Previous = null;
        if (--_armed == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long Elapsed() => _time.GetElapsedTime(_start).Ticks / Resolution.Ticks;

    private void Turn()
    {
        lock (_gate)
        {
            var now = Elapsed();
            // After a long pause every slot is looked at once, not once per round missed.
            for (var tick = Math.Max(_now + 1, now - Slots + 1); tick <= now; tick++) Collect(_slots[tick % Slots], now);
            _now = now;
            // Under the lock, so that a deadline taken back never falls: it only posts to a mailbox.
            foreach (var deadline in _due) deadline.Fall();
            _due.Clear();
        }
    }

    private void Collect(Deadline head, long now)
    {
        for (var deadline = head.Next!; deadline != head;)
        {
            var next = deadline.Next!;
            if (deadline.Tick <= now)
            {
                Remove(deadline);
                _due.Add(deadline);
            }
            deadline = next;
        }
    }
}
