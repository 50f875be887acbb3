using System.Text.Json;
using Azure.Storage.Queues;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Lets a chain wait for a call: the chain stands in the call's row, and whoever writes there that the call was answered, or has ended,
/// tells it through a queue. The row's version makes sure that nothing is missed: either the mark finds the news, or the news finds the mark.
/// </summary>
public sealed class CallWatch(ICallStore calls, StorageClients storage) : ICallWatch
{
    public const string QueueName = "chain-calls";

    private const int MaxTries = 20;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _queue = storage.Queues.GetQueueClient(QueueName);

    /// <returns>What is waited for, when it is there already; else null. With a fault, the call is none of the agent's.</returns>
    public async Task<(CallNews? News, string? Fault)> WatchAsync(WatchWork work, CancellationToken stop)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            if (!CallId.TryParse(work.CallId, out var id) || await calls.FindAsync(work.Domain, id, stop) is not { } stored || stored.Row.User != work.User)
                return (null, "The agent has no such call.");
            if (NewsOf(stored.Row, work.Answered) is { } news) return (news, null);
            if (stored.Row.WatchedBy == work.ChainId || await calls.TryReplaceAsync(stored, stored.Row with { WatchedBy = work.ChainId }, stop)) return (null, null);
        }
        throw new EntityContendedException();
    }

    public async Task TellAsync(CallRecord before, CallRecord after, CancellationToken stop)
    {
        if (after.WatchedBy is not { } chain) return;
        var isAnswered = before.ConnectedAt is null && after.ConnectedAt is not null;
        if (!isAnswered && (!before.IsOpen || after.IsOpen)) return;
        var note = new CallNote(chain, after.CallId.Value, NewsOf(after, isAnswered && after.IsOpen)!);
        await _queue.SendMessageAsync(JsonSerializer.Serialize(note, AppJson.Default.CallNote), timeToLive: Forever, cancellationToken: stop);
    }

    private static CallNews? NewsOf(CallRecord row, bool answered)
    {
        if (row.IsOpen && (!answered || row.ConnectedAt is null)) return null;
        // Without what may be long.
        var view = CallView.Of(row) with { Legs = [], DevicesRung = [] };
        return new CallNews(row.IsOpen ? CallNews.Answered : CallNews.Ended, JsonSerializer.Serialize(view, AppJson.Default.CallView));
    }
}
