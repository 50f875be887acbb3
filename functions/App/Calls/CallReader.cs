using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;

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
        return CallView.Of(Seen(stored.Value.Row, principal, (await directory.GetAsync(stop)).Domains[principal.Domain]));
    }

    public async Task<Result<CallPageView>> ListAsync(
        Principal principal, Func<string, string?> parameter, CancellationToken stop, int maxLimit = CallQuery.MaxLimit)
    {
        var zone = (await directory.GetAsync(stop)).Domains[principal.Domain].Zone;
        var query = CallQueryReader.Read(parameter, principal, zone, maxLimit);
        if (!query.IsOk) return query.Problem;
        var page = await calls.ListAsync(query.Value, stop);
        var domain = (await directory.GetAsync(stop)).Domains[principal.Domain];
        return new CallPageView([.. page.Calls.Select(c => CallView.Of(Seen(c, principal, domain)))], page.Next is null ? null : CallCursor.Write(page.Next), zone.Id);
    }

    public async Task<Result<CallEventsView>> EventsAsync(Principal principal, string id, CancellationToken stop)
    {
        var stored = await FindAsync(principal, id, stop);
        if (!stored.IsOk) return stored.Problem;
        var events = await calls.EventsAsync(principal.Domain, stored.Value.Row.CallId, stop);
        // One end: the row's. The sweep's is kept beside the worker's that took its place.
        var shown = events.Where(e => e.Type != CallEventType.CallEnded || e.Sequence == stored.Value.Row.EndSequence);
        if (principal.Token is null) return new CallEventsView([.. shown]);
        var destination = Seen(stored.Value.Row, principal, (await directory.GetAsync(stop)).Domains[principal.Domain]).Destination;
        return new CallEventsView([.. shown.Select(e => WithoutInsides(e) with { Call = e.Call with { Destination = destination } })]);
    }

    /// <summary>
    /// What a page calls by an alias, or what a back end put in the place of what its token names, it need not learn: it sees the alias, or
    /// nothing.
    /// </summary>
    private static CallRecord Seen(CallRecord row, Principal principal, DomainView domain)
    {
        if (principal.Token is not { } token || row.Direction == CallDirection.Inbound || Covers(token, row.Destination)) return row;
        var aliases = domain.Aliases.Where(a => a.Value == row.Destination).Select(a => a.Key).Order(StringComparer.Ordinal).ToList();
        var alias = aliases.FirstOrDefault(a => Covers(token, a)) ?? (token.Destinations is null ? aliases.FirstOrDefault() : null);
        return alias is null && token.Destinations is null ? row : row with { Destination = alias ?? "" };
    }

    private static bool Covers(SessionClaims token, string destination) => token.Destinations?.Any(d => DestinationName.Covers(d, destination)) == true;

    /// <summary>A page need not learn the names of our workers and trunks.</summary>
    private static CallEvent WithoutInsides(CallEvent e) => e with
    {
        Worker = null,
        Leg = e.Leg is null ? null : e.Leg with { Trunk = null },
        Legs = e.Legs is null ? null : [.. e.Legs.Select(l => l with { Trunk = null })],
    };
}
