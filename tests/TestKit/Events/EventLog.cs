namespace ClickToDial.TestKit.Events;

/// <summary>
/// Everything that was observed, in order, and a way to wait for more without polling. Appending and waiting may happen on
/// any thread. A wait looks at what is already there first, so nothing is missed between acting and waiting.
/// </summary>
/// <param name="name">Whose events these are; said when a wait fails.</param>
public sealed class EventLog<T>(string name)
{
    private const int Told = 40;
    private const int LongestLine = 300;

    private readonly Lock _gate = new();
    private readonly List<T> _entries = [];
    private TaskCompletionSource _changed = NewSignal();
    private string? _closed;

    public string Name => name;

    /// <summary>Number of events so far; pass it as <c>from</c> to wait only for later ones.</summary>
    public int Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    public IReadOnlyList<T> Snapshot()
    {
        lock (_gate) return [.. _entries];
    }

    public void Append(T entry)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _entries.Add(entry);
            (changed, _changed) = (_changed, NewSignal());
        }
        changed.SetResult();
    }

    /// <summary>Nothing more will come: waits that are not satisfied by what is there fail at once and say why.</summary>
    public void Close(string why)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _closed = why;
            (changed, _changed) = (_changed, NewSignal());
        }
        changed.SetResult();
    }

    /// <summary>The first event at or after <paramref name="from"/> that matches.</summary>
    /// <exception cref="TimeoutException">None came within <paramref name="limit"/> (<see cref="Patience.Step"/> by default), or none can come any more.</exception>
    public async Task<T> WaitAsync(Func<T, bool> match, string what, TimeSpan? limit = null, int from = 0)
    {
        var next = from;
        var found = default(T);
        await UntilAsync(
            () =>
            {
                for (; next < _entries.Count; next++)
                {
                    if (!match(_entries[next])) continue;
                    found = _entries[next];
                    return true;
                }
                return false;
            },
            what,
            limit);
        return found!;
    }

    /// <summary>Between two looks at the outside world: a look may itself make events, and must not keep a processor busy with that.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Waits until a condition of the outside world holds, looking again after each event: for things that can be asked for
    /// but do not announce themselves, with somebody's events as the sign that something may have changed.
    /// </summary>
    public async Task<TResult> WaitForAsync<TResult>(Func<Task<TResult?>> look, string what, TimeSpan? limit = null)
        where TResult : class
    {
        using var patience = new CancellationTokenSource(limit ?? Patience.Step);
        using var pace = new PeriodicTimer(Pace);
        while (true)
        {
            Task changed;
            string? closed;
            lock (_gate) (changed, closed) = (_changed.Task, _closed);
            if (await look() is { } result) return result;
            if (closed is not null) throw Missing(what, closed);
            await ChangeAsync(changed, what, patience.Token);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task UntilAsync(Func<bool> satisfied, string what, TimeSpan? limit)
    {
        using var patience = new CancellationTokenSource(limit ?? Patience.Step);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (satisfied()) return;
                if (_closed is not null) throw Missing(what, _closed);
                changed = _changed.Task;
            }
            await ChangeAsync(changed, what, patience.Token);
        }
    }

    private async Task ChangeAsync(Task changed, string what, CancellationToken patience)
    {
        try
        {
            // A task that is done would be given at once, patience or not; and a look may itself be what makes events.
            patience.ThrowIfCancellationRequested();
            await changed.WaitAsync(patience);
        }
        catch (OperationCanceledException)
        {
            throw Missing(what, "the wait ran out");
        }
    }

    private TimeoutException Missing(string what, string why)
    {
        var seen = Snapshot();
        var last = string.Join(Environment.NewLine, seen.Skip(seen.Count - Told).Select(e => $"  {Shortened($"{e}")}"));
        return new TimeoutException($"{name}: {what} did not come ({why}). Last of {seen.Count} events:{Environment.NewLine}{last}");
    }

    private static string Shortened(string text) => text.Length <= LongestLine ? text : $"{text[..LongestLine]}...";

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
