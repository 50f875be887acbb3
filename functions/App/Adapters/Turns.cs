namespace ClickToDial.App.Adapters;

/// <summary>
/// Lets those who are about to change the same thing do so one after the other, at this instance. It only spares them the collision:
/// what keeps the thing right is the condition of each write.
/// </summary>
internal sealed class Turns
{
    private const int Lines = 256;

    private readonly SemaphoreSlim[] _lines = [.. Enumerable.Range(0, Lines).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Dispose to let the next one in. Whoever has a turn must not ask for another one here.</summary>
    public async ValueTask<IDisposable> EnterAsync(string key, CancellationToken stop)
    {
        var line = _lines[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Lines];
        await line.WaitAsync(stop);
        return new Turn(line);
    }

    private sealed class Turn(SemaphoreSlim line) : IDisposable
    {
        public void Dispose() => line.Release();
    }
}
