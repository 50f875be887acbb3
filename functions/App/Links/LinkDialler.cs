using System.Net;
using ClickToDial.App.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Hooks;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Links;

/// <summary>Places the call of a ticket, once (B2): the ticket is a token that is good for one call, and its nonce the key of the request.</summary>
public sealed class LinkDialler(IDirectoryReader directory, Originator originator, TimeProvider time)
{
    /// <summary>Who presses twice, or whose browser asks again, sees that the call is made, not that the link is used up.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <returns>The domain and user that are called for, or why not.</returns>
    public async Task<Result<LinkTicket>> DialAsync(LinkTicket ticket, IPAddress? from, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (ticket.Expires <= now) return KnownProblems.LinkExpired;
        if (!(await directory.GetAsync(stop)).Domains.TryGetValue(ticket.Domain, out var domain)) return KnownProblems.LinkInvalid;
        if (Callee.Resolve(domain, ticket.Destination) is not { } callee) return KnownProblems.DestinationInvalid;
        var claims = new SessionClaims("", "", "link-" + ticket.Nonce, ticket.Domain, ticket.User, Calls: 1, now, now, ticket.Expires);
        var principal = Principal.Of(claims, from);
        var request = new CallRequest(ticket.User, callee, null, !ticket.Connect, CallRequest.DefaultRingSeconds, ticket.Domain);
        var mark = new IdempotencyKey("link-" + ticket.Nonce).MarkFor(principal);
        var originated = await originator.OriginateAsync(principal, request, mark, stop);
        if (!originated.IsOk) return IsUsed(originated.Problem) ? KnownProblems.LinkUsed : originated.Problem;
        return originated.Value.Replayed && originated.Value.Call.RequestedAt < now - Again ? KnownProblems.LinkUsed : ticket;
    }

    // The latter for a link whose hash is the same and whose other parameters are not.
    private static bool IsUsed(Problem problem) => problem.Reason == KnownProblems.TokenSpent.Reason || problem.Reason == KnownProblems.IdempotencyKeyReused.Reason;
}
