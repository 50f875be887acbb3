using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.PbxApi;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.PbxApi;

/// <summary>The three lists.</summary>
public sealed class PbxLists(ICallStore calls, IPbxItemStore items)
{
    public async Task<Result<PbxUserCallRow[]>> UserCallsAsync(PbxCaller caller, Func<string, string?> parameter, CancellationToken stop)
    {
        var query = PbxQuery.Read(parameter, "users_names", caller.Domain.Zone);
        if (!query.IsOk) return query.Problem;
        var asked = query.Value;
        var users = caller.Users(asked.Names);
        var found = asked.UniqueCallId is { } id
            ? Page([.. (await WithIdAsync(caller.Principal.Domain, id, stop)).Where(c => Fits(c, asked, users))], asked)
            : await ListAsync(caller, asked, users, stop);
        if (!found.IsOk) return found.Problem;
        return found.Value.Select(c => PbxUserCallRow.Of(c, caller.DisplayName(c.User), caller.Domain.Users.GetValueOrDefault(c.User))).ToArray();
    }

    /// <param name="names">Which parameter holds the names of queues or ring groups.</param>
    /// <param name="row">How one of them is shown.</param>
    public async Task<Result<T[]>> ItemsAsync<T>(
        PbxCaller caller, PbxItemKind kind, string names, Func<string, string?> parameter, Func<PbxItem, T> row, CancellationToken stop)
    {
        var found = await ItemsAsync(caller, kind, names, parameter, stop);
        return found.IsOk ? found.Value.Select(row).ToArray() : found.Problem;
    }

    private async Task<Result<PbxItem[]>> ItemsAsync(
        PbxCaller caller, PbxItemKind kind, string names, Func<string, string?> parameter, CancellationToken stop)
    {
        var query = PbxQuery.Read(parameter, names, caller.Domain.Zone);
        if (!query.IsOk) return query.Problem;
        var asked = query.Value;
        // Oldest first, and calls of one id, are looked for in the whole range, as far as reads go.
        var whole = asked.OldestFirst || asked.UniqueCallId is not null;
        var page = await items.ListAsync(
            new PbxItemQuery(
                caller.Principal.Domain, kind, whole ? CallQuery.MaxReach : asked.Limit, asked.Names, asked.From, asked.To,
                Offset: whole ? 0 : asked.Offset),
            stop);
        if (!whole) return page.Items.ToArray();
        if (page.Next is not null) return KnownProblems.RangeTooLarge;
        return Page([.. page.Items.Where(i => asked.UniqueCallId is null || i.Event.UniqueCallId == asked.UniqueCallId)], asked);
    }

    private async Task<Result<CallRecord[]>> ListAsync(PbxCaller caller, PbxQuery asked, IReadOnlyList<string> users, CancellationToken stop)
    {
        // A name that no user can have has no calls.
        var known = users.Where(DestinationName.IsUserName).ToList();
        if (users.Count > 0 && known.Count == 0) return Array.Empty<CallRecord>();
        var query = new CallQuery(caller.Principal.Domain, asked.Limit, From: asked.From, To: asked.To)
        {
            Users = known,
            EndedOnly = true,
            Offset = asked.Offset,
        };
        if (!asked.OldestFirst) return (await calls.ListAsync(query, stop)).Calls.ToArray();
        var all = await calls.ListAsync(query with { Limit = CallQuery.MaxReach, Offset = 0 }, stop);
        return all.Next is null ? Page([.. all.Calls], asked) : KnownProblems.RangeTooLarge;
    }

    private async Task<IReadOnlyList<CallRecord>> WithIdAsync(string domain, string id, CancellationToken stop)
    {
        var foreign = await calls.FindForeignAsync(domain, id, stop);
        return foreign.Count == 0 && CallId.TryParse(id, out var own) && await calls.FindAsync(domain, own, stop) is { } stored ? [stored.Row] : foreign;
    }

    private static bool Fits(CallRecord call, PbxQuery asked, IReadOnlyList<string> users)
    {
        var began = call.StartedAt ?? call.RequestedAt;
        return !call.IsOpen && (users.Count == 0 || users.Contains(call.User)) && (asked.From is null || began >= asked.From) && (asked.To is null || began < asked.To);
    }

    /// <param name="all">Newest first.</param>
    private static T[] Page<T>(List<T> all, PbxQuery asked)
    {
        if (asked.OldestFirst) all.Reverse();
        return [.. all.Skip(asked.Offset).Take(asked.Limit)];
    }
}
