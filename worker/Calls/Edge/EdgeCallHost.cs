using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// Tells other workers of the calls here: each of those whose users it watches, as they are when the turn has come, so that a slow reader gets
/// one frame for many changes. Carries out what they order, as the control API does; the same token opens both.
/// </summary>
internal sealed class EdgeCallHost(ICallControl calls, Func<IEnumerable<EdgeGuest>> guests, ILogger logger) : IAsyncDisposable
{
    /// <summary>Twice the sockets that a worker may have for pages: the user and the domain of each.</summary>
    private const int MostWatched = 200_000;

    private const int MostOrders = 4096;

    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public void Start() => _watching = WatchAsync();

    public void Take(EdgeGuest guest, EdgeNews news)
    {
        if (news.Watch is { Domain: not null } watch) Follow(guest, watch);
        else if (news.Order is { } order && guest.TryOrder(MostOrders)) _ = CarryOutAsync(guest, order);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var watch = calls.Watch(CallFilter.All) ?? throw new InvalidOperationException("The calls are watched by too many already.");
        // Null when the worker has ended its calls; their ends have been told.
        while (await watch.ReadAsync(_stop.Token) is { } message)
            if (message.Call is { } call)
                foreach (var guest in Present()) Pass(guest, call);
            else if (message.Calls is { } all) PassAll(all);
    }

    private IEnumerable<EdgeGuest> Present() => guests().Where(guest => guest.IsPresent);

    // Too much has changed to be told one by one. Each call is looked at once, not once for each user: who is behind must not fall behind by this.
    private void PassAll(IReadOnlyList<CallSnapshot> all)
    {
        var underWay = all.Select(call => call.CallId).ToHashSet();
        foreach (var guest in Present())
        {
            foreach (var call in all) Pass(guest, call);
            foreach (var (id, _) in guest.Told)
                if (!underWay.Contains(id)) Tell(guest, id);
        }
    }

    private void Follow(EdgeGuest guest, EdgeWatch watch)
    {
        var whose = (watch.Domain, watch.User);
        if (!watch.On) guest.Watched.TryRemove(whose, out _);
        else if (guest.Watched.Count < MostWatched && OriginateGuard.IsDomain(watch.Domain) && (watch.User is null || OriginateGuard.IsUser(watch.User)))
        {
            guest.Watched[whose] = true;
            TellAll(guest, whose);
        }
    }

    private void Pass(EdgeGuest guest, CallSnapshot call)
    {
        var (domain, user) = (call.Call.Domain, call.Call.User);
        if (guest.Watched.ContainsKey((domain, null)) || guest.Watched.ContainsKey((domain, user))
            || (call.Call.Direction == CallDirection.Internal && guest.Watched.ContainsKey((domain, call.Call.Destination)))) Tell(guest, call.CallId);
        else if (call.State == CallState.Ended) guest.Told.TryRemove(call.CallId, out _);
    }

    private void TellAll(EdgeGuest guest, (string Domain, string? User) whose)
    {
        var filter = new CallFilter(whose.Domain, whose.User);
        foreach (var call in calls.List(filter)) Tell(guest, call.CallId);
        if (!guest.WaitingLists.TryAdd(whose, true)) return;
        guest.Outbox.Tell(() =>
        {
            guest.WaitingLists.TryRemove(whose, out _);
            return Fitting(new EdgeNews { Calls = new EdgeCalls(whose.Domain, whose.User, [.. calls.List(filter).Select(call => call.CallId)]) });
        });
    }

    private void Tell(EdgeGuest guest, CallId id)
    {
        if (!guest.WaitingCalls.TryAdd(id, true)) return;
        guest.Outbox.Tell(() =>
        {
            // Before looking: what changes from here on is told again.
            guest.WaitingCalls.TryRemove(id, out _);
            guest.Told[id] = true;
            var call = calls.Find(id);
            if (call is null or { State: CallState.Ended }) guest.Told.TryRemove(id, out _);
            return Fitting(call is not null ? new EdgeNews { Call = call } : new EdgeNews { Over = id });
        });
    }

    private byte[]? Fitting(EdgeNews news)
    {
        var frame = EdgeNews.Write(news);
        if (frame.Length <= EdgeFrame.Longest) return frame;
        EdgeLog.CallTooLong(logger, frame.Length);
        return null;
    }

    private async Task CarryOutAsync(EdgeGuest guest, EdgeOrder order)
    {
        string? reason;
        try
        {
            reason = await DoAsync(order);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            EdgeLog.OrderFailed(logger, e);
            reason = CallReasons.InternalError;
        }
        guest.Outbox.Tell(() =>
        {
            guest.OrderIsAnswered();
            return EdgeNews.Write(new EdgeNews { Done = new EdgeDone(order.Number, reason) });
        });
    }

    // Not stopped when the other worker goes: what has begun is carried out whether or not anybody waits for the answer.
    private async Task<string?> DoAsync(EdgeOrder order)
    {
        if (order.Order is not { } wanted)
            return await calls.HangUpAsync(order.Call, CancellationToken.None) is null ? WorkerProblemReasons.NotFound : null;
        if (CommandGuard.Check(wanted) is not null) return WorkerProblemReasons.InvalidCommand;
        return Problems.ReasonOf((await calls.OrderAsync(order.Call, wanted, CancellationToken.None)).Verdict);
    }
}
