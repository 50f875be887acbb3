namespace ClickToDial.Media.Plane;

/// <summary>
/// Who sends a packet of its own when: the 20 ms of a step in slots of 1 ms, each with the legs whose turn it then is. A new leg goes
/// where the fewest are, so the sound of many legs leaves evenly and no relayed packet waits behind a burst of it.
/// </summary>
internal sealed class StepWheel
{
    public const long StepLength = 20_000_000;
    private const long SlotLength = 1_000_000;
    private const int Slots = (int)(StepLength / SlotLength);

    // After a longer stall the missed steps are skipped: a burst of stale sound helps nobody.
    private const long MaxBehind = 200_000_000 / SlotLength;
    private readonly List<LegState>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<LegState>())];
    private int _legs;

    // The first slot whose time has not been dealt with, counted from the clock's zero.
    private long _next;

    /// <summary>Gives a leg its turn once every step; the first comes within a step.</summary>
    public void Add(LegState leg, long now)
    {
        var current = now / SlotLength;
        if (_legs++ == 0) _next = current + 1;
        var best = current + Slots;
        for (var slot = best - 1; slot > current; slot--)
        {
            if (At(slot).Count < At(best).Count) best = slot;
        }
        leg.Scheduled = true;
        At(best).Add(leg);
    }

    public void Remove(LegState leg)
    {
        if (!leg.Scheduled) return;
        foreach (var slot in _slots)
        {
            if (slot.Remove(leg)) _legs--;
        }
        leg.Scheduled = false;
    }

    /// <summary>Lets everyone whose turn has come take it; who then has nothing more to send leaves.</summary>
    public void Turn(long now, Action<LegState> step)
    {
        if (_legs == 0) return;
        var current = now / SlotLength;
        if (current - _next > MaxBehind) _next = current - Slots + 1;
        for (; _next <= current; _next++)
        {
            var slot = At(_next);
            for (var i = slot.Count - 1; i >= 0; i--) Take(slot, i, step);
        }
    }

    /// <summary>When somebody's turn comes next, on the clock of <see cref="Turn"/>; never is <see cref="long.MaxValue"/>.</summary>
    public long NextDue()
    {
        if (_legs == 0) return long.MaxValue;
        var slot = _next;
        while (At(slot).Count == 0) slot++;
        return slot * SlotLength;
    }

    private void Take(List<LegState> slot, int place, Action<LegState> step)
    {
        var leg = slot[place];
        step(leg);
        if (leg.PlaysItself) return;
        leg.Scheduled = false;
        slot[place] = slot[^1];
        slot.RemoveAt(slot.Count - 1);
        _legs--;
    }

    private List<LegState> At(long slot) => _slots[(int)(slot % Slots)];
}
