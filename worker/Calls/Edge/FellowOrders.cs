using System.Collections.Concurrent;
using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Edge;

/// <summary>What was ordered of another worker's calls and is not answered yet. Thread-safe.</summary>
/// <param name="limit">Whoever ordered learns by then that nobody says whether it was done.</param>
internal sealed class FellowOrders(EdgeOutbox outbox, TimeSpan limit, TimeProvider time)
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<long, TaskCompletionSource<string?>> _waiting = new();
    private long _last;

    /// <param name="order">Null to hang up.</param>
    /// <returns>Why it was not done, a stable word; null when it was.</returns>
    public async Task<string?> AskAsync(CallId call, CallOrder? order)
    {
        if (_waiting.Count >= Most) return CallReasons.WorkerUnavailable;
        var number = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[number] = answer;
        // It is never sent twice, and not at all when the link is back too late.
        outbox.Tell(() => _waiting.ContainsKey(number) ? EdgeNews.Write(new EdgeNews { Order = new EdgeOrder(number, call, order) }) : null);
        try
        {
            return await answer.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            return CallReasons.WorkerUnavailable;
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    public void Answer(EdgeDone done)
    {
        if (_waiting.TryGetValue(done.Number, out var answer)) answer.TrySetResult(done.Reason);
    }

    /// <summary>Nobody will answer any more.</summary>
    public void Forget()
    {
        foreach (var answer in _waiting.Values) answer.TrySetResult(CallReasons.WorkerUnavailable);
    }
}
