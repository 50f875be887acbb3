using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Calls;

/// <summary>Finds calls that the caller may see. What it may not see does not exist for it.</summary>
public sealed class CallReader(ICallStore calls, IDirectoryReader directory)
{
    public async Task<Result<StoredCall>> FindAsync(Principal principal, string id, CancellationToken stop)
    {
        if (!CallId.TryParse(id, out var callId)) return KnownProblems.CallNotFound;
        var stored = await calls.FindAsync(principal.Domain, callId, stop);
        return stored is null || (principal.OnlyUser is { } user && stored.Row.User != user) ? KnownProblems.CallNotFound : stored;
    }

    public async Task<Result<CallView>> ShowAsync(Principal principal, string id, CancellationToken stop)
    {
        var stored = await FindAsync(principal, id, stop);
        if (!stored.IsOk) return stored.Problem;
        return (await SightAsync(principal, stop)).See(CallView.Of(stored.Value.Row));
    }

    public async Task<Result<CallPageView>> ListAsync(
        Principal principal, Func<string, string?> parameter, CancellationToken stop, int maxLimit = CallQuery.MaxLimit)
    {
        var zone = (await directory.GetAsync(stop)).Domains[principal.Domain].Zone;
        var query = CallQueryReader.Read(parameter, principal, zone, maxLimit);
        if (!query.IsOk) return query.Problem;
        var page = await calls.ListAsync(query.Value, stop);
        var sight = await SightAsync(principal, stop);
        return new CallPageView([.. page.Calls.Select(c => sight.See(CallView.Of(c)))], page.Next is null ? null : CallCursor.Write(page.Next), zone.Id);
    }

    public async Task<Result<CallEventsView>> EventsAsync(Principal principal, string id, CancellationToken stop)
    {
        var stored = await FindAsync(principal, id, stop);
        if (!stored.IsOk) return stored.Problem;
        var events = await calls.EventsAsync(principal.Domain, stored.Value.Row.CallId, stop);
        // One end: the row's. The sweep's is kept beside the worker's that took its place.
        var shown = events.Where(e => e.Type != CallEventType.CallEnded || e.Sequence == stored.Value.Row.EndSequence);
        var sight = await SightAsync(principal, stop);
        return new CallEventsView([.. shown.Select(sight.See)]);
    }

    private async Task<PageSight> SightAsync(Principal principal, CancellationToken stop) =>
        new(principal, (await directory.GetAsync(stop)).Domains[principal.Domain]);
}
