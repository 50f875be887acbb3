using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Asks the back end of a domain that wants it about each call from outside (<c>OnCallEvent</c>), when it is known whom the call is for. It may
/// refuse the call (403), or name another user of the domain.
/// </summary>
internal sealed class HookedRouting(IIncomingRouting inner, HookServices hooks, PhoneGuard guard, HookNews events) : IIncomingRouting
{
    /// <summary>
    /// Where no browser was let in yet, nobody has said how to ask: then a refusal counts and so does another callee, but a back end that is
    /// away makes no company unreachable.
    /// </summary>
    private static readonly HookRule Unsaid = HookRule.Default with { Policy = HookPolicy.Overwrite, Overwrite = ["callee"] };

    public async ValueTask<IncomingAnswer> RouteAsync(IncomingQuestion question, CancellationToken stop)
    {
        var answer = await inner.RouteAsync(question, stop);
        var allowed = answer switch
        {
            IncomingAnswer.ToUser(var domain, var user) => await AskAsync(answer, domain, user, question, stop),
            IncomingAnswer.ToNumber(var domain, var user, _, _) => await AskAsync(answer, domain, user, question, stop),
            _ => answer,
        };
        return allowed is IncomingAnswer.ToNumber onward ? await GuardAsync(onward) : allowed;
    }

    // Sent on at the charge of the user, as if the user dialled it. Nobody of ours is anywhere, so no address counts.
    private async Task<IncomingAnswer> GuardAsync(IncomingAnswer.ToNumber onward)
    {
        var call = onward.Call ?? CallId.Parse(Guid.NewGuid().ToString("N"));
        var answer = await guard.AskAsync(new DialQuestion(call, onward.Domain, onward.User.Name, onward.Number));
        return answer is CallAnswer.Refused { Why: var why } ? new IncomingAnswer.Refused(403, why.Slug, "destination-denied") : onward with { Call = call };
    }

    private async Task<IncomingAnswer> AskAsync(IncomingAnswer found, string domain, UserEntry user, IncomingQuestion question, CancellationToken stop)
    {
        var directory = hooks.Directory.Current;
        if (directory?.HooksOf(domain) is not { Incoming: true } || (hooks.OwnTarget(domain) ?? hooks.Functions) is not { } target) return found;
        var said = hooks.Sessions.RulesOf(domain)?[HookMethod.Incoming];
        var rule = said ?? Unsaid;
        if (rule.Policy == HookPolicy.Disable) return found;
        var body = hooks.Bodies.Incoming(domain, user.Name, question.Called, question.Caller);
        var (answer, failure) = await hooks.Client.AskAsync(target, HookMethod.Incoming, rule.ForBackEnd(body), stop);
        if (failure is not null)
        {
            var onError = said is null && failure.Trouble == HookTrouble.Refused ? HookOnError.Fail : rule.OnError;
            var verdict = HookVerdict.Of(HookKind.Incoming, onError);
            if (verdict.TellsClient)
            {
                // Whose call it was hears of it, although nothing rings.
                foreach (var browser in hooks.Sessions.Of(domain, user.Name)) events.TellError(browser, HookMethod.Incoming, callId: null, failure.ToRefusal().Slug);
            }
            return verdict.Caller is { } status ? new IncomingAnswer.Refused(status, "hook") : found;
        }

        var callee = HookJson.Text(rule.Taking(body, answer!)["callee"]);
        return callee is not null && callee != question.Called && directory.FindUser(domain, callee) is { } other
            ? new IncomingAnswer.ToUser(domain, other)
            : found;
    }
}
