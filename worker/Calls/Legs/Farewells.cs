namespace ClickToDial.Calls.Legs;

/// <summary>Counts legs that were ended and whose peer has not confirmed it, so that the process does not go before they have. Thread-safe.</summary>
internal sealed class Farewells
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _open;

    public void Begin()
    {
        lock (_gate) _open++;
    }

    public void End()
    {
        lock (_gate)
        {
            if (--_open > 0) return;
            _none?.SetResult();
            _none = null;
        }
    }

    public Task WhenNone()
    {
        lock (_gate)
        {
            if (_open == 0) return Task.CompletedTask;
            return (_none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
