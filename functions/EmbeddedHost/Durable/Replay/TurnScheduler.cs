namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>
/// Runs an orchestrator's continuations one after the other on the thread that runs the step. Work that comes from another
/// thread shows that the code awaits something that is not durable: it is refused and remembered.
/// </summary>
internal sealed class TurnScheduler : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _queue = new();
    private volatile int _thread;
    private volatile bool _sawForeignWork;

    /// <summary>Something came from another thread, during a step or after it.</summary>
    public bool SawForeignWork => _sawForeignWork;

    public bool IsOnTurn => Environment.CurrentManagedThreadId == _thread && Current == this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId == _thread && Current == this) _queue.Enqueue((d, state));
        else _sawForeignWork = true;
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Orchestrator code does not wait.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="work"/> and then everything that it and its continuations posted.</summary>
    public void Run(Action work)
    {
        var before = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            work();
            while (_queue.TryDequeue(out var next)) next.Work(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
