namespace ClickToDial.Media.Plane;

/// <summary>
/// Legs move between shards, so that two that are joined are on one and the packet path never crosses threads. The new shard is
/// told to expect the leg, and keeps the commands that come for it; the old one stops its receiving, then hands it over.
/// What reaches the sockets meanwhile waits there.
/// </summary>
internal sealed unsafe partial class Relay
{
    private readonly Dictionary<LegState, Queue<Action<Relay>>> _expected = [];
    private readonly Dictionary<LegState, (int Sockets, Action<bool> Released)> _leaving = [];

    /// <summary>Does what a leg's owner asked: now, or when the leg has arrived. A leg that was closed takes no commands.</summary>
    public void Run(LegState leg, Action<Relay> command)
    {
        if (_expected.TryGetValue(leg, out var later)) later.Enqueue(command);
        else if (IsHere(leg)) command(this);
    }

    /// <summary>A leg of another shard will come; until it does, its commands wait.</summary>
    public void Expect(LegState leg)
    {
        if (_expected.TryGetValue(leg, out var later)) later.Enqueue(relay => relay.Expect(leg)); // it comes, goes and comes again
        else _expected[leg] = new Queue<Action<Relay>>();
    }

    /// <summary>Gives a leg up, parted from what it was joined to.</summary>
    /// <param name="released">Called when nothing here touches it any more; with false when it had been closed.</param>
    public void Release(LegState leg, Action<bool> released)
    {
        if (!IsHere(leg))
        {
            released(false);
            return;
        }
        Detach(leg);
        EndEncoding(leg);
        _steps.Remove(leg);
        _leaving[leg] = (2, released);
        engine.Release(leg.RtpSocket);
        engine.Release(leg.RtcpSocket);
    }

    public void OnReleased(ulong key)
    {
        if (_legs[SlotOf(key)] is not { } leg || !_leaving.Remove(leg, out var state)) return;
        if (state.Sockets > 1)
        {
            _leaving[leg] = (state.Sockets - 1, state.Released);
            return;
        }
        FreeSlot(leg);
        state.Released(true);
    }

    /// <summary>Takes an expected leg over and does what was asked of it meanwhile.</summary>
    /// <param name="isOpen">False when it was closed before it could be moved.</param>
    public void Arrive(LegState leg, bool isOpen)
    {
        if (isOpen)
        {
            Add(leg);
            if (leg.PlaysItself) Schedule(leg);
        }
        if (!_expected.Remove(leg, out var commands)) return;
        foreach (var command in commands) Run(leg, command);
    }
}
