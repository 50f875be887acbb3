using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>What remote control is made of.</summary>
/// <param name="Elsewhere">Calls of other workers; null where this one is alone.</param>
/// <param name="HookLimit">How long an answer of the hooks may take.</param>
/// <param name="MaxCallsPerUser">Calls under way that one user may have ordered, where the domain says nothing.</param>
/// <param name="IsReachable">Whether a user of a domain has a device registered.</param>
internal sealed record RemoteServices(
    ICallControl Calls,
    CallsElsewhere? Elsewhere,
    IBrowserHooks Hooks,
    IDirectory Directory,
    RemoteControlOptions Options,
    TimeSpan HookLimit,
    int MaxCallsPerUser,
    Func<string, string, bool> IsReachable,
    TimeProvider Time,
    ILogger Logger)
{
    public OrderedCalls Ordered { get; } = new();

    public IEnumerable<UserCall> CallsOf(string domain, string user) =>
        List(new CallFilter(domain, user)).Select(call => new UserCall(call, user)).Where(call => !call.IsGivenAway(Directory.Current));

    /// <summary>All of a domain, by the users whom they are about, as a user may see them: who is called in the place of what this user
    /// asked for would stand there by name.</summary>
    public ILookup<string, UserCall> CallsSeenBy(BrowserIdentity who) => List(new CallFilter(who.Domain))
        .SelectMany(UserCall.Of)
        .Where(call => (!call.IsCalledInPlace || call.Call.Call.User != who.User) && !call.IsGivenAway(Directory.Current))
        .ToLookup(call => call.User);

    /// <summary>At whichever worker the call is.</summary>
    /// <param name="order">Null to hang up.</param>
    /// <returns>Why it was not done, a stable word; null when it was.</returns>
    public async Task<string?> OrderAsync(CallId id, CallOrder? order)
    {
        if (!IsHere(id) && Elsewhere?.OwnerOf(id) is { } owner) return await owner.Calls.Orders.AskAsync(id, order);
        if (order is not null) return Problems.ReasonOf((await Calls.OrderAsync(id, order, CancellationToken.None)).Verdict);
        return await Calls.HangUpAsync(id, CancellationToken.None) is null ? WorkerProblemReasons.NotFound : null;
    }

    /// <summary>Two calls are at one worker, this one or another.</summary>
    public bool AreTogether(CallId one, CallId other) =>
        (IsHere(one) ? null : Elsewhere?.OwnerOf(one)) == (IsHere(other) ? null : Elsewhere?.OwnerOf(other));

    private bool IsHere(CallId id) => Calls.Find(id) is { State: not CallState.Ended };

    // One that was ordered again elsewhere, when the first worker did not answer in time, may be at both for a moment.
    private IEnumerable<CallSnapshot> List(CallFilter filter) =>
        Elsewhere is null ? Calls.List(filter) : Calls.List(filter).Concat(Elsewhere.List(filter)).DistinctBy(call => call.CallId);
}
