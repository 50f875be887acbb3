using System.Text.Json;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Login;

/// <summary><c>POST /rest/system/session</c>: login tokens, and sessions made of them (V5), in the form of other products.</summary>
public sealed class PostSystemSession(LoginDesk desk, TimeProvider time)
{
    [Function(nameof(PostSystemSession))]
    [Operation(
        "Gives a login token (name 3rd), or makes a session of one (name session).",
        Details = "3rd takes HTTP Basic with an API key, scope sessions, as the password. session takes the login token as value, and sets a cookie.",
        Caller = CallerKind.Anyone, Request = typeof(LoginBody), Refusals = [400, 401, 403, 404, 429])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "rest/system/session")] HttpRequest request, CancellationToken stop)
    {
        // Whatever the content type: pages of other hosts post it as text, which asks no preflight.
        var body = await RequestBody.ReadAsync(request, RequestBody.ApiLimit, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var outcome = await desk.PostAsync(request, body.Value, stop);
        if (!outcome.IsOk) return Refuse(request, outcome.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return outcome.Value switch
        {
            LoginOutcome.Token token => Results.Text(JsonSerializer.Serialize(token.Value, AppJson.Default.String), "application/json"),
            LoginOutcome.Session session => Activate(request, session),
            _ => throw new InvalidOperationException("No such outcome."),
        };
    }

    private IResult Activate(HttpRequest request, LoginOutcome.Session session)
    {
        CorsHeaders.Narrow(request.HttpContext, session.Domain);
        // A page may act for users of its own domain only; what is no page has no origin.
        if (!IsAllowed(request, session.Domain)) return Api.Problem(KnownProblems.OriginNotAllowed);
        request.HttpContext.Response.Cookies.Append(SignedInUser.Name, session.View.Token, new CookieOptions
        {
            HttpOnly = true,
            // On this machine browsers take it over http as well.
            Secure = true,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
            MaxAge = session.View.ExpiresAt - time.GetUtcNow(),
        });
        return Results.Text("true", "application/json");
    }

    private static bool IsAllowed(HttpRequest request, DomainView domain) =>
        request.Headers.Origin is not [{ } origin] || domain.Origins.Contains(WebOrigin.Normalize(origin) ?? "") || WebOrigin.Same(origin, $"{request.Scheme}://{request.Host}");

    private static IResult Refuse(HttpRequest request, Problem problem)
    {
        if (problem.Reason == KnownProblems.LoginRequired.Reason)
            request.HttpContext.Response.Headers.Append(HeaderNames.WWWAuthenticate, "Basic realm=\"Click to Dial\", charset=\"UTF-8\"");
        return Api.Problem(problem);
    }
}
