using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>Events and those who wait for them, by name without regard to case.</summary>
internal sealed class ExternalEvents
{
    private readonly Dictionary<string, Stack<Func<string?, bool>>> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EventRaised> _unclaimed = [];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<EventRaised> Unclaimed => _unclaimed;

    /// <summary>Gives an early event to the waiter, or lets it wait.</summary>
    /// <param name="accept">Takes the payload; false when it has given up waiting.</param>
    public void Wait(string name, Func<string?, bool> accept)
    {
        var early = _unclaimed.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (early >= 0)
        {
            var raised = _unclaimed[early];
            _unclaimed.RemoveAt(early);
            accept(raised.Input);
            return;
        }
        if (!_waiting.TryGetValue(name, out var stack)) _waiting[name] = stack = new Stack<Func<string?, bool>>();
        stack.Push(accept);
    }

    /// <summary>The newest waiter that has not given up takes the event, so that abandoned waits in loops do no harm.</summary>
    public void Raise(EventRaised raised)
    {
        if (_waiting.TryGetValue(raised.Name, out var stack))
            while (stack.TryPop(out var accept))
                if (accept(raised.Input)) return;
        _unclaimed.Add(raised);
    }
}
