using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <summary>
/// Ends a call that no worker will end, by a terminal event through the same queue as all others, so that there is one way a call
/// ends. Doing it twice is harmless: the second event is a duplicate.
/// </summary>
public sealed class CallCloser(ICallStore calls, IEventSink events, TimeProvider time)
{
    /// <returns>False when the call has moved meanwhile.</returns>
    public async Task<bool> TryCloseAsync(StoredCall stored, CallEnd end, CancellationToken stop)
    {
        // A call that no worker has told of might still be dialled by a repeated request; from here on it will not be.
        if (stored.Row is { Seen.Count: 0, AbandonedAt: null }
            && !await calls.TryReplaceAsync(stored, stored.Row with { AbandonedAt = time.GetUtcNow() }, stop)) return false;
        var terminal = CallClosing.Terminal(stored.Row, end);
        var body = JsonSerializer.SerializeToUtf8Bytes(terminal, AppJson.Default.CallEvent);
        await events.EnqueueAsync([new QueuedEvent(body, EventSources.Sweep, CallId: $"{terminal.Call.Domain}|{terminal.CallId.Value}")], stop);
        return true;
    }
}
