namespace ClickToDial.Sip.Transactions;

/// <summary>Gets its timers back when they are due.</summary>
internal interface ITimerTarget
{
    void OnTimer(WheelTimer timer);
}

/// <summary>One timer: made once, armed as often as needed. <paramref name="name"/> tells a target its timers apart.</summary>
internal sealed class WheelTimer(ITimerTarget target, char name)
{
    internal WheelTimer? Previous;
    internal WheelTimer? Next;

    public ITimerTarget Target { get; } = target;

    public char Name { get; } = name;

    /// <summary>The interval it was armed with, for those that double it.</summary>
    public TimeSpan Interval { get; internal set; }

    public bool IsArmed => Previous is not null;

    internal long Due { get; set; }
}

/// <summary>
/// All timers of the stack, in slots of 10 ms: arming and cancelling cost a few pointer writes, whatever their number. One
/// owner, the stack loop, which also says what time it is.
/// </summary>
internal sealed class TimerWheel
{
    public static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(10);

    private const int Slots = 1024; // A power of two: 10.24 s once around.

    private readonly WheelTimer[] _slots = new WheelTimer[Slots];
    private readonly WheelTimer _due = Sentinel();
    private long _now;

    public TimerWheel()
    {
        for (var i = 0; i < Slots; i++) _slots[i] = Sentinel();
    }

    public int Count { get; private set; }

    /// <summary>Fires at the first tick at which the whole interval has passed. Arming again moves it.</summary>
    public void Arm(WheelTimer timer, TimeSpan interval)
    {
        if (timer.IsArmed) Cancel(timer);
        timer.Interval = interval;
        // One tick more than the rounded interval: the current tick has begun already.
        timer.Due = _now + 1 + (interval.Ticks + Resolution.Ticks - 1) / Resolution.Ticks;
        Link(_slots[timer.Due & (Slots - 1)], timer);
        Count++;
    }

    /// <summary>The interval that would arm another timer for the moment at which this armed one falls due.</summary>
    public TimeSpan Remaining(WheelTimer timer) => Resolution * Math.Max(0, timer.Due - _now - 1);

    public void Cancel(WheelTimer? timer)
    {
        if (timer is null || !timer.IsArmed) return;
        Unlink(timer);
        Count--;
    }

    /// <summary>Moves on to this tick and fires what is due, slot by slot. A target that throws ends it: the caller goes on.</summary>
    public void Advance(long tick)
    {
        if (tick <= _now) return;
        if (Count == 0)
        {
            _now = tick;
            return;
        }
        // After a long pause every slot is looked at once, not once per round missed.
        var from = Math.Max(_now + 1, tick - Slots + 1);
        for (var at = from; at <= tick; at++) CollectDue(_slots[at & (Slots - 1)], tick);
        _now = tick;
        while (_due.Next is { } timer && timer != _due)
        {
            Cancel(timer);
            timer.Target.OnTimer(timer);
        }
    }

    private void CollectDue(WheelTimer slot, long tick)
    {
        for (var timer = slot.Next!; timer != slot;)
        {
            var next = timer.Next!;
            if (timer.Due <= tick)
            {
                Unlink(timer);
                Link(_due, timer);
            }
            timer = next;
        }
    }

    private static void Link(WheelTimer list, WheelTimer timer)
    {
        timer.Previous = list.Previous;
        timer.Next = list;
        list.Previous!.Next = timer;
        list.Previous = timer;
    }

    private static void Unlink(WheelTimer timer)
    {
        timer.Previous!.Next = timer.Next;
        timer.Next!.Previous = timer.Previous;
        timer.Previous = timer.Next = null;
    }

    private static WheelTimer Sentinel()
    {
        var head = new WheelTimer(null!, ' ');
        head.Previous = head.Next = head;
        return head;
    }
}
