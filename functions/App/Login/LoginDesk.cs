using ClickToDial.App.Access;
using ClickToDial.App.Sessions;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Json;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Login;

/// <summary>Third-party login (V5): a server gets a login token with an API key, a page makes a session of it within ten seconds.</summary>
public sealed class LoginDesk(
    Authorizer authorizer, IDirectoryReader directory, LoginTokens tokens, SessionIssuer sessions, LoginOptions options, FailureLimiter failures, ClientAddresses addresses, TimeProvider time)
{
    private const int MaxText = 256;

    /// <summary>The name that wrong keys are counted under; no account of a link is called so.</summary>
    private const string Failures = "login";

    public async Task<Result<LoginOutcome>> PostAsync(HttpRequest request, byte[] body, CancellationToken stop)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var name = fields.RequiredText("name", MaxText);
        if (fields.Problem is { } problem) return problem;
        return name switch
        {
            "3rd" => await GiveTokenAsync(request, fields, stop),
            "session" => await ActivateAsync(fields, stop),
            _ => KnownProblems.FieldInvalid with { Field = "name" },
        };
    }

    /// <summary>A login token for the user of a session: what it becomes ends when the session does, and shares its calls.</summary>
    public Task<string> TokenAsync(SessionClaims session, CancellationToken stop) =>
        tokens.MakeAsync(new LoginGrant(session.Domain, session.User, session.Expires, session.TokenId), stop);

    /// <summary>HTTP Basic: any account of the domain, and an API key in the place of its password.</summary>
    private async Task<Result<LoginOutcome>> GiveTokenAsync(HttpRequest request, JsonFields fields, CancellationToken stop)
    {
        var (user, wanted) = (fields.OptionalText("username", DestinationName.MaxUserLength), fields.OptionalText("domain", DestinationName.MaxDomainLength));
        var admin = fields.OptionalFlag("admin") ?? false;
        if (fields.Problem is { } problem) return problem;
        if (BasicLogin.Read(request) is not (var account, var key)) return KnownProblems.LoginRequired;
        var from = addresses.Of(request);
        if (failures.WaitOf(from, Failures) is { } wait) return KnownProblems.TooManyFailures with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
        var principal = await authorizer.AuthorizePresentedAsync(request, key, ApiScopes.Sessions, stop);
        if (!principal.IsOk)
        {
            if (principal.Problem.Status == StatusCodes.Status401Unauthorized) failures.Failed(from, Failures);
            return principal.Problem;
        }

        var domain = principal.Value.Domain;
        var named = LinkQuery.SplitAccount(account).Domain;
        if ((wanted ?? domain) != domain || (named ?? domain) != domain) return KnownProblems.DomainNotAllowed;
        // A session here is always a user's.
        if (admin || user is null) return KnownProblems.FieldMissing with { Field = "username" };
        if (!(await directory.GetAsync(stop)).Domains[domain].Users.ContainsKey(user)) return KnownProblems.UserUnknown with { Field = "username" };
        return new LoginOutcome.Token(await tokens.MakeAsync(new LoginGrant(domain, user), stop));
    }

    private async Task<Result<LoginOutcome>> ActivateAsync(JsonFields fields, CancellationToken stop)
    {
        var value = fields.RequiredText("value", MaxText);
        if (fields.Problem is { } problem) return problem;
        if (await tokens.TakeAsync(value, stop) is not { } grant) return KnownProblems.LoginTokenInvalid;
        if (!(await directory.GetAsync(stop)).Domains.TryGetValue(grant.Domain, out var view) || !view.Users.ContainsKey(grant.User)) return KnownProblems.LoginTokenInvalid;
        // Whole seconds, as tokens have them.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var ends = grant.Ends ?? now.AddSeconds(options.SessionSeconds);
        return ends > now ? new LoginOutcome.Session(sessions.IssueLogin(grant.Domain, grant.User, ends, grant.TokenId), view) : KnownProblems.LoginTokenInvalid;
    }
}
