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
    Authorizer authorizer, IDirectoryReader directory, LoginTokens tokens, SessionIssuer sessions, LoginOptions options, FailureLimiter failures, ClientAddresses addresses)
{
    private const int MaxText = 256;

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

    /// <summary>A login token for a user of the caller's domain.</summary>
    public Task<string> TokenAsync(string domain, string user, CancellationToken stop) => tokens.MakeAsync(domain, user, stop);

    /// <summary>HTTP Basic: any account of the domain, and an API key in the place of its password.</summary>
    private async Task<Result<LoginOutcome>> GiveTokenAsync(HttpRequest request, JsonFields fields, CancellationToken stop)
    {
        var (user, wanted) = (fields.OptionalText("username", DestinationName.MaxUserLength), fields.OptionalText("domain", DestinationName.MaxDomainLength));
        var admin = fields.OptionalFlag("admin") ?? false;
        if (fields.Problem is { } problem) return problem;
        if (BasicLogin.Read(request) is not (var account, var key)) return KnownProblems.LoginRequired;
        var who = $"login/{addresses.Of(request)}";
        if (failures.WaitOf(who) is { } wait) return KnownProblems.TooManyFailures with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
        var principal = await authorizer.AuthorizePresentedAsync(request, key, ApiScopes.Sessions, stop);
        if (!principal.IsOk)
        {
            if (principal.Problem.Status == StatusCodes.Status401Unauthorized) failures.Failed(who);
            return principal.Problem;
        }

        var domain = principal.Value.Domain;
        var named = LinkQuery.SplitAccount(account).Domain;
        if ((wanted ?? domain) != domain || (named ?? domain) != domain) return KnownProblems.DomainNotAllowed;
        // A session here is always a user's.
        if (admin || user is null) return KnownProblems.FieldMissing with { Field = "username" };
        if (!(await directory.GetAsync(stop)).Domains[domain].Users.ContainsKey(user)) return KnownProblems.UserUnknown with { Field = "username" };
        return new LoginOutcome.Token(await tokens.MakeAsync(domain, user, stop));
    }

    private async Task<Result<LoginOutcome>> ActivateAsync(JsonFields fields, CancellationToken stop)
    {
        var value = fields.RequiredText("value", MaxText);
        if (fields.Problem is { } problem) return problem;
        if (await tokens.TakeAsync(value, stop) is not (var domain, var user)) return KnownProblems.LoginTokenInvalid;
        if (!(await directory.GetAsync(stop)).Domains.TryGetValue(domain, out var view) || !view.Users.ContainsKey(user)) return KnownProblems.LoginTokenInvalid;
        return new LoginOutcome.Session(sessions.Issue(domain, user, options.SessionSeconds, SessionRequest.MaxCalls), view);
    }
}
