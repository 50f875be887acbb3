using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Guard;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Calls;

/// <summary>
/// Everything that may stand against a new call, in the order cheap to dear (B1): every way to begin one goes through it. A token is
/// spent and calls are counted under the mark of the request, so asking again for the same request costs nothing.
/// </summary>
public sealed class CallGuard(IDirectoryReader directory, ITokenUseStore uses, CallCounter counter, TimeProvider time)
{
    /// <returns>The domain's view, or why the call may not be made.</returns>
    public async Task<Result<DomainView>> CheckAsync(Principal principal, CallRequest request, string mark, CancellationToken stop)
    {
        if (request.Domain is not null && request.Domain != principal.Domain) return KnownProblems.DomainNotAllowed;
        var view = await directory.GetAsync(stop);
        if (!view.Domains.TryGetValue(principal.Domain, out var domain)) return KnownProblems.DomainNotAllowed;
        if (CheckParties(principal, request, domain) is { } refused) return refused;
        if (await counter.CountAsync(domain, principal, request, mark, stop) is { } limited) return limited;
        // Last: what is spent does not come back, and a minute does.
        if (principal.Token is { } token && !await uses.TrySpendAsync(token, mark, stop)) return KnownProblems.TokenSpent;
        return domain;
    }

    /// <summary>Whether such a call might be made at all; nothing is counted or spent.</summary>
    public Problem? CheckParties(Principal principal, CallRequest request, DomainView domain)
    {
        if (principal.Token is { } token && SessionPolicy.CheckCall(token, request.User, request.Destination) is { } problem) return problem;
        if (!domain.Users.TryGetValue(request.User, out var callerId)) return KnownProblems.UserUnknown with { Field = "user" };
        // A page is in the hands of whoever looks at it: it may not choose who the destination thinks is calling.
        if (principal.Token is not null && request.CallerId is { } asked && asked != callerId)
            return KnownProblems.CallerIdNotAllowed with { Field = "callerId" };
        if (DestinationName.IsE164(request.Destination))
            return domain.Policy.Check(request.Destination) ?? domain.Policy.CheckTime(time.GetUtcNow(), domain.Zone);
        return domain.Users.ContainsKey(request.Destination) || DestinationName.IsTestNumber(request.Destination)
            ? null
            : KnownProblems.DestinationInvalid with { Field = "destination" };
    }
}
