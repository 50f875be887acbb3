using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>Passes on to every reader which call has changed. Thread-safe; where nobody watches it costs one read.</summary>
internal sealed class CallFeed
{
    /// <summary>Readers at once: 64 by the control API, remote control, and what is told to other workers.</summary>
    public const int MaxWatches = 64 + 2;

    private readonly Lock _gate = new();
    private volatile CallWatch[] _watches = [];
    private bool _isOver;

    public void Publish(CallSnapshot call)
    {
        foreach (var watch in _watches) watch.Note(call);
    }

    /// <summary>False when there are too many readers. After the end one is added that is told how it all stands and then the end.</summary>
    public bool TryAdd(CallWatch watch)
    {
        lock (_gate)
        {
            if (_watches.Length >= MaxWatches) return false;
            _watches = [.. _watches, watch];
            if (_isOver) watch.Complete();
            return true;
        }
    }

    public void Remove(CallWatch watch)
    {
        lock (_gate) _watches = [.. _watches.Where(other => other != watch)];
    }

    /// <summary>There will be no more calls.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var watch in _watches) watch.Complete();
        }
    }
}
