using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Trunks;

/// <summary>
/// Routes by the directory: a number to its user, a name to the user of that name, in the domains that the trunk serves. While no device of
/// the user is registered the call goes on to the user's other number, where there is one that the domain may call.
/// </summary>
internal sealed class DirectoryRouting(IDirectory directory, Func<string, string, bool> isReachable) : IIncomingRouting
{
    private static readonly IncomingAnswer Unknown = new IncomingAnswer.Refused(404, "unknown-number");

    public ValueTask<IncomingAnswer> RouteAsync(IncomingQuestion question, CancellationToken stop) => new(Route(question));

    private IncomingAnswer Route(IncomingQuestion question)
    {
        if (directory.Current is not { } known) return new IncomingAnswer.Refused(503, "not-ready");
        foreach (var domain in known.Domains)
        {
            if (!question.Trunk.Serves(domain)) continue;
            if ((known.FindUserByNumber(domain, question.Called) ?? known.FindUser(domain, question.Called)) is { } user)
                return Reach(known, domain, user);
        }
        return Unknown;
    }

    private IncomingAnswer Reach(CallDirectory known, string domain, UserEntry user) =>
        user.ForwardTo is { } number && !isReachable(domain, user.Name) && DialPolicy.Allows(known.PolicyOf(domain), number)
            && known.RouteTo(domain, number) is Route.ToTrunk
            ? new IncomingAnswer.ToNumber(domain, user, number)
            : new IncomingAnswer.ToUser(domain, user);
}
