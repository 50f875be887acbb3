using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Asks before a browser may do something (F2): the functions, which hold every domain's policy, and the domain's own back end where it has
/// one. The token is checked before, so that nobody is bothered with a forged one. Without functions the token alone decides.
/// </summary>
/// <param name="byToken">Decides by the token alone.</param>
internal sealed class RestBrowserHooks(IBrowserHooks byToken, HookServices hooks, HookNews events, ILogger<RestBrowserHooks> logger) : IBrowserHooks
{
    public async Task<ConnectAnswer> ConnectAsync(BrowserConnect connect, CancellationToken stop)
    {
        var checkedToken = await byToken.ConnectAsync(connect, stop);
        if (checkedToken is not ConnectAnswer.Accepted { Identity: var identity }) return checkedToken;
        var body = hooks.Bodies.Connect(connect, identity);
        if (hooks.Functions is { } functions)
        {
            var asked = (JsonObject)body.DeepClone();
            // Only for those who made it.
            asked["authToken"] = connect.Token;
            var (_, failure) = await hooks.Client.AskAsync(functions, HookMethod.Connect, asked, stop);
            if (failure is not null) return new ConnectAnswer.Refused(failure.ToRefusal());
        }

        JsonObject? answer = null;
        if (hooks.OwnTarget(identity.Domain) is { } own)
        {
            (answer, var failure) = await hooks.Client.AskAsync(own, HookMethod.Connect, body, stop);
            if (failure is not null) return new ConnectAnswer.Refused(failure.ToRefusal());
        }

        return LetIn(connect, identity, answer);
    }

    public async Task<CallAnswer> CallAsync(BrowserCall call, CancellationToken stop)
    {
        var session = hooks.Sessions.Find(call.SessionId);
        var asked = hooks.Bodies.Call(call, call.Destination);
        IReadOnlyList<KeyValuePair<string, string>>? headers = null;
        // Who takes a place dials nobody, and is asked about as one who answers.
        if (!call.TakesPlace && hooks.OwnTarget(call.Identity.Domain) is { } own)
        {
            var (changed, refused) = await AskOwnAsync(own, HookMethod.Call, session, asked, stop);
            if (refused is not null) return new CallAnswer.Refused(refused);
            asked = changed!;
            headers = HeadersOf(asked, call.Identity.Domain);
        }

        if (HookJson.Text(asked["callee"]) is not { Length: > 0 } callee) return new CallAnswer.Refused(new HookRefusal(404, "destination-invalid"));
        var answer = hooks.Functions is { } functions
            ? await AskFunctionsAsync(functions, call, callee, asked, session, stop)
            : await LocallyAsync(call, callee, asked, stop);
        return answer is CallAnswer.Accepted accepted ? accepted with { Headers = headers } : answer;
    }

    public async Task<CallAnswer> TransferAsync(BrowserCall call, CancellationToken stop)
    {
        var session = hooks.Sessions.Find(call.SessionId);
        var asked = hooks.Bodies.Transfer(call);
        if (hooks.OwnTarget(call.Identity.Domain) is { } own)
        {
            var (changed, refused) = await AskOwnAsync(own, HookMethod.Transfer, session, asked, stop);
            if (refused is not null) return new CallAnswer.Refused(refused);
            asked = changed!;
        }

        if (HookJson.Text(asked["target"]) is not { Length: > 0 } target) return new CallAnswer.Refused(new HookRefusal(404, "destination-invalid"));
        if (hooks.Functions is not { } functions)
            return await byToken.TransferAsync(call, stop) is CallAnswer.Refused why ? why : new CallAnswer.Accepted(target);
        var body = hooks.Bodies.Transfer(call);
        body["target"] = target;
        AddToken(body, call, session);
        var (answer, failure) = await hooks.Client.AskAsync(functions, HookMethod.Transfer, body, stop);
        if (failure is not null) return new CallAnswer.Refused(failure.ToRefusal());
        return HookJson.Text(answer!["target"]) is { Length: > 0 } real
            ? new CallAnswer.Accepted(real, Number(answer["caller"]), HookJson.Seconds(answer["maxDurationSeconds"]))
            : new CallAnswer.Refused(new HookRefusal(503, "hook-unreadable"));
    }

    public async Task<HookRefusal?> ActAsync(BrowserAct act, CancellationToken stop)
    {
        var identity = act.Identity;
        if (hooks.OwnTarget(identity.Domain) is not { } own) return null;
        var method = HookMethod.Of(act.Kind);
        var rule = RulesOf(hooks.Sessions.Find(act.SessionId), identity.Domain)[method];
        var body = hooks.Bodies.Act(act);
        if (act.IsDone || act.Kind == BrowserActKind.HangUp || HookVerdict.Of(HookKind.Direct, rule.OnError).GoesOn)
        {
            // Whatever the answer is, nothing waits for it.
            events.Tell(new HookEvent(own, act.SessionId, method, body, rule with { OnError = HookOnError.Log }, IsOwnAct: true));
            return null;
        }
        if (rule.Policy == HookPolicy.Disable) return null;
        var (_, failure) = await hooks.Client.AskAsync(own, method, rule.ForBackEnd(body), stop);
        if (failure?.ToRefusal() is not { } refused) return null;
        events.TellError(act.SessionId, method, act.CallId, refused.Slug);
        return refused;
    }

    public void Notify(BrowserEvent news)
    {
        var session = hooks.Sessions.Find(news.SessionId);
        if (news.Kind is BrowserEventKind.Disconnected or BrowserEventKind.ConnectRefused) hooks.Sessions.Remove(news.SessionId);
        if ((news.Domain ?? session?.Domain) is not { } domain || hooks.OwnTarget(domain) is not { } own) return;
        var (method, body) = hooks.Bodies.Event(news);
        events.Tell(new HookEvent(own, news.SessionId, method, body, RulesOf(session, domain)[method]));
    }

    // Calls go on when their browser has gone, and are told of as its back end last wished.
    private HookRules RulesOf(HookSession? session, string domain) => session?.Rules ?? hooks.Sessions.RulesOf(domain) ?? HookRules.Default;

    private ConnectAnswer LetIn(BrowserConnect connect, BrowserIdentity identity, JsonObject? answer)
    {
        var user = HookJson.Text(answer?["sipLogin"]) is { Length: > 0 } named ? named : identity.User;
        var found = hooks.Directory.Current?.FindUser(identity.Domain, user);
        if (found is null && user != identity.User)
        {
            HookClientLog.UnknownIdentity(logger);
            return new ConnectAnswer.Refused(new HookRefusal(403, "hook-identity-unknown"));
        }

        var session = new HookSession(HookRules.Read(answer?["restClientConfig"]), connect.Source.Address, identity.Domain, identity.User, identity.ExpiresAt);
        if (!hooks.Sessions.TryAdd(connect.SessionId, session)) return new ConnectAnswer.Refused(new HookRefusal(503, "too-many-browsers"));
        var shown = HookJson.Text(answer?["sipVisibleName"]) is { Length: > 0 and <= 64 } name && !name.Any(char.IsControl) ? name : found?.DisplayName;
        return new ConnectAnswer.Accepted(identity with { User = user, DisplayName = shown });
    }

    /// <returns>What was asked, as the back end changed it, or why it does not happen.</returns>
    private async Task<(JsonObject? Body, HookRefusal? Refused)> AskOwnAsync(
        HookTarget own, string method, HookSession? session, JsonObject body, CancellationToken stop)
    {
        var rule = (session?.Rules ?? HookRules.Default)[method];
        var told = rule.ForBackEnd(body);
        body.Remove(InviteParameters.Field); // What the page has said of them is told; what the back end says counts.
        if (rule.Policy == HookPolicy.Disable) return (body, null);
        var (answer, failure) = await hooks.Client.AskAsync(own, method, told, stop);
        if (failure is null) return (rule.Taking(body, answer!), null);
        return HookVerdict.Of(HookKind.Direct, rule.OnError).GoesOn ? (body, null) : (null, failure.ToRefusal());
    }

    /// <summary>The guard of the functions holds whatever another back end has said, and without an answer there is no call.</summary>
    private async Task<CallAnswer> AskFunctionsAsync(
        HookTarget target, BrowserCall call, string callee, JsonObject changed, HookSession? session, CancellationToken stop)
    {
        var body = hooks.Bodies.Call(call, callee);
        AddToken(body, call, session);
        var (answer, failure) = await hooks.Client.AskAsync(target, HookMethod.Call, body, stop);
        if (failure is not null) return new CallAnswer.Refused(failure.ToRefusal());
        if (HookJson.Text(answer!["callee"]) is not { Length: > 0 } real) return new CallAnswer.Refused(new HookRefusal(503, "hook-unreadable"));
        var longest = Shorter(HookJson.Seconds(answer["maxDurationSeconds"]), HookJson.Seconds(changed["maxDurationSeconds"]));
        return new CallAnswer.Accepted(real, Number(changed["caller"]) ?? Number(answer["caller"]), longest);
    }

    private async Task<CallAnswer> LocallyAsync(BrowserCall call, string callee, JsonObject changed, CancellationToken stop) =>
        // The token binds what the page asks for, not what stands in its place.
        await byToken.CallAsync(call, stop) switch
        {
            CallAnswer.Refused refused => refused,
            _ => new CallAnswer.Accepted(callee, Number(changed["caller"]), HookJson.Seconds(changed["maxDurationSeconds"])),
        };

    private static void AddToken(JsonObject body, BrowserCall call, HookSession? session)
    {
        var identity = call.Identity;
        body["asked"] = call.Destination;
        body["attempt"] = call.Attempt;
        body["tokenId"] = identity.TokenId;
        body["tokenExpires"] = identity.ExpiresAt.ToUnixTimeSeconds();
        body["tokenCalls"] = identity.Calls;
        if (identity.Destinations is { } destinations) body["tokenDestinations"] = new JsonArray([.. destinations.Select(d => (JsonNode?)d)]);
        if (session is not null) body["clientAddress"] = session.Source.ToString();
    }

    private IReadOnlyList<KeyValuePair<string, string>>? HeadersOf(JsonObject changed, string domain)
    {
        var headers = InviteParameters.Read(changed[InviteParameters.Field], out var leftOut);
        if (leftOut > 0) HookClientLog.ParametersLeftOut(logger, domain, leftOut);
        return headers.Count > 0 ? headers : null;
    }

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is null ? b : b is null || a < b ? a : b;

    // A user's name stands there where nobody has put a number.
    private static string? Number(JsonNode? node) => HookJson.Text(node) is ['+', ..] number ? number : null;
}
