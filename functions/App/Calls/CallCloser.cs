using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <summary>
/// Ends a call that no worker will end, by a terminal event through the same queue as all others, so that there is one way a call
/// ends. Doing it twice is harmless: the second event is a duplicate.
/// </summary>
public sealed class CallCloser(ICallStore calls, IEventSink events, TimeProvider time)
{
    public const string Source = "sweep";

    /// <returns>False when the call has moved meanwhile.</returns>
    public async Task<bool> TryCloseAsync(StoredCall stored, CallOutcome outcome, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // A call that no worker has told of might still be dialled by a repeated request; from here on it will not be.
        if (stored.Row is { Seen.Count: 0, AbandonedAt: null }
            && !await calls.TryReplaceAsync(stored, stored.Row with { AbandonedAt = now }, stop)) return false;
        var terminal = CallClosing.Terminal(stored.Row, outcome, now);
        await events.EnqueueAsync(JsonSerializer.SerializeToUtf8Bytes(terminal, AppJson.Default.CallEvent), Source, stop);
        return true;
    }
}
