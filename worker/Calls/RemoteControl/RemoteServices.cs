using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>What remote control is made of.</summary>
/// <param name="HookLimit">How long an answer of the hooks may take.</param>
/// <param name="MaxCallsPerUser">Calls under way that one user may have ordered, where the domain says nothing.</param>
/// <param name="IsReachable">Whether a user of a domain has a device registered.</param>
internal sealed record RemoteServices(
    ICallControl Calls,
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
        Calls.List(new CallFilter(domain, user)).Select(call => new UserCall(call, user)).Where(call => !call.IsGivenAway(Directory.Current));

    /// <summary>All of a domain, by the users whom they are about, as a user may see them: who is called in the place of what this user
    /// asked for would stand there by name.</summary>
    public ILookup<string, UserCall> CallsSeenBy(BrowserIdentity who) => Calls.List(new CallFilter(who.Domain))
        .SelectMany(UserCall.Of)
        .Where(call => (!call.IsCalledInPlace || call.Call.Call.User != who.User) && !call.IsGivenAway(Directory.Current))
        .ToLookup(call => call.User);
}
