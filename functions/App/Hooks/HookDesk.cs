using System.Text.Json.Nodes;
using ClickToDial.App.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Hooks;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Hooks;

/// <summary>
/// Our own answers to the hooks: who a browser is, whom it calls, and whether it may. An answer is what was asked, changed where we know
/// better. Nothing is remembered between two of them: what a token says travels with each question, which is signed.
/// </summary>
public sealed class HookDesk(IDirectoryReader directory, SessionTokenValidator tokens, CallGuard guard, PhoneDesk phones, TimeProvider time)
{
    private const int MaxDestinations = SessionRequest.MaxDestinations;

    public async Task<Result<JsonObject>> AnswerAsync(string method, JsonObject asked, CancellationToken stop)
    {
        if (HookMethods.IsEvent(method)) return new JsonObject();
        if (HookMethods.IsDirect(method)) return asked;
        var view = await directory.GetAsync(stop);
        return method switch
        {
            HookMethods.Connect => Connect(view, asked),
            HookMethods.Call => await CallAsync(view, asked, stop),
            HookMethods.Transfer => await TransferAsync(view, asked, stop),
            HookMethods.Dial => await phones.DialAsync(view, asked, stop),
            HookMethods.Incoming => Incoming(view, asked),
            _ => KnownProblems.HookUnknown,
        };
    }

    private Result<JsonObject> Connect(DirectoryView view, JsonObject asked)
    {
        if (JsonBody.Text(asked["authToken"]) is not { } token) return KnownProblems.CredentialsMissing;
        var (verdict, claims) = tokens.Validate(token, time.GetUtcNow());
        if (SessionPolicy.ToProblem(verdict) is { } problem) return problem;
        var origin = JsonBody.Text(asked["origin"]);
        if (SessionPolicy.CheckOrigin(claims!, origin) is { } elsewhere) return elsewhere;
        if (!view.Domains.TryGetValue(claims!.Domain, out var domain)) return KnownProblems.DomainNotAllowed;
        // F3: by the exact origin, and whatever a page says of itself. What has no origin is no page.
        if (origin is not null && (WebOrigin.Normalize(origin) is not { } exact || !domain.Origins.Contains(exact))) return KnownProblems.OriginNotAllowed;
        if (!domain.Users.ContainsKey(claims.User)) return KnownProblems.UserUnknown;
        asked.Remove("authToken");
        asked["sipLogin"] = claims.User;
        asked["sipAuthenticationName"] = claims.User;
        asked["sipVisibleName"] = claims.User;
        asked["sipDomain"] = claims.Domain;
        asked["sipRegisterRequired"] = false;
        asked["restClientConfig"] = HookConfig.Write();
        return asked;
    }

    private async Task<Result<JsonObject>> CallAsync(DirectoryView view, JsonObject asked, CancellationToken stop)
    {
        var caller = Caller(view, asked);
        if (!caller.IsOk) return caller.Problem;
        if (HookFields.Mark(asked) is not { } mark) return KnownProblems.FieldInvalid with { Field = "callId" };
        if (JsonBody.Text(asked["callee"]) is not { Length: > 0 and <= NumberText.MaxLength } said) return KnownProblems.DestinationInvalid with { Field = "callee" };
        var (principal, domain) = caller.Value;
        if (Callee.Resolve(domain, said) is not { } callee) return KnownProblems.DestinationInvalid with { Field = "callee" };
        var allowed = await guard.CheckAsync(Covering(principal, said, asked), Request(principal, callee), mark, stop);
        if (!allowed.IsOk) return allowed.Problem;
        Forget(asked);
        asked["callee"] = callee;
        // Colleagues see the user, as by every other way of calling; a number is for the world.
        if (DestinationName.IsE164(callee) && domain.Users[principal.Token!.User] is { } callerId) asked["caller"] = callerId;
        asked["maxDurationSeconds"] = domain.Policy.MaxCallSeconds;
        return asked;
    }

    /// <summary>The target is dialled like any other number, so it takes one of the token's calls.</summary>
    private async Task<Result<JsonObject>> TransferAsync(DirectoryView view, JsonObject asked, CancellationToken stop)
    {
        var caller = Caller(view, asked);
        if (!caller.IsOk) return caller.Problem;
        if (HookFields.Mark(asked) is not { } mark) return KnownProblems.FieldInvalid with { Field = "callId" };
        if (JsonBody.Text(asked["target"]) is not { Length: > 0 and <= NumberText.MaxLength } said || Callee.Resolve(caller.Value.Domain, said) is not { } target)
            return KnownProblems.DestinationInvalid with { Field = "target" };
        var (principal, domain) = caller.Value;
        var allowed = await guard.CheckAsync(Covering(principal, said, asked), Request(principal, target), mark, stop);
        if (!allowed.IsOk) return allowed.Problem;
        Forget(asked);
        asked["target"] = target;
        if (DestinationName.IsE164(target) && domain.Users[principal.Token!.User] is { } callerId) asked["caller"] = callerId;
        asked["maxDurationSeconds"] = domain.Policy.MaxCallSeconds;
        return asked;
    }

    private static Result<JsonObject> Incoming(DirectoryView view, JsonObject asked)
    {
        if (JsonBody.Text(asked["domain"]) is not { } name || !view.Domains.TryGetValue(name, out var domain)) return KnownProblems.DomainNotAllowed;
        return JsonBody.Text(asked["user"]) is { } user && domain.Users.ContainsKey(user) ? asked : KnownProblems.UserUnknown;
    }

    /// <summary>Who calls, by what the worker has read in the token.</summary>
    private Result<HookCaller> Caller(DirectoryView view, JsonObject asked)
    {
        if (JsonBody.Text(asked["domain"]) is not { } name || !view.Domains.TryGetValue(name, out var domain)) return KnownProblems.DomainNotAllowed;
        if (JsonBody.Text(asked["user"]) is not { } user || JsonBody.Text(asked["tokenId"]) is not { Length: > 0 and <= 64 } id) return KnownProblems.TokenInvalid;
        if (!DestinationName.IsUserName(id) || !TryTime(asked["tokenExpires"], out var expires)) return KnownProblems.TokenInvalid;
        var now = time.GetUtcNow();
        if (expires <= now) return KnownProblems.TokenExpired;
        var calls = Math.Clamp(JsonBody.Number(asked["tokenCalls"]) ?? 1, 1, SessionRequest.MaxCalls);
        IReadOnlyList<string>? destinations = asked["tokenDestinations"] is JsonArray list ? [.. list.Take(MaxDestinations).Select(d => JsonBody.Text(d) ?? "")] : null;
        var claims = new SessionClaims("", "", id, name, user, calls, now, now, expires, null, destinations);
        return new HookCaller(Principal.Of(claims, HookFields.From(asked)), domain);
    }

    /// <summary>
    /// A token's destinations bind what the page may ask for. Where that is an alias, or a back end of the domain has put another
    /// destination in its place, they do not bind what it stands for; the domain's policy does.
    /// </summary>
    private static Principal Covering(Principal principal, string said, JsonObject asked)
    {
        var token = principal.Token!;
        var first = JsonBody.Text(asked["asked"]) ?? said;
        return token.Destinations?.Any(d => DestinationName.Covers(d, first)) == true ? principal with { Token = token with { Destinations = null } } : principal;
    }

    private static CallRequest Request(Principal principal, string destination) =>
        new(principal.Token!.User, destination, null, Prompt: false, CallRequest.DefaultRingSeconds, principal.Domain);

    private static bool TryTime(JsonNode? node, out DateTimeOffset time)
    {
        var seconds = JsonBody.Number(node) ?? 0;
        time = DateTimeOffset.FromUnixTimeSeconds(Math.Max(seconds, 0));
        return seconds > 0;
    }

    private static void Forget(JsonObject asked)
    {
        foreach (var name in new[] { "tokenId", "tokenExpires", "tokenCalls", "tokenDestinations", "clientAddress", "asked", "attempt" }) asked.Remove(name);
    }

    private sealed record HookCaller(Principal Principal, DomainView Domain);
}
