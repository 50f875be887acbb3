using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Login;

/// <summary><c>GET /rest/pbxlogin</c>: a login token for the page of a user who is signed in here (V8).</summary>
public sealed class GetPbxLogin(SignedInUser signedIn, LoginDesk desk, IDirectoryReader directory, LoginOptions options)
{
    [Function(nameof(GetPbxLogin))]
    [Operation(
        "A login token for the page of a user who is signed in.",
        Details = "The cookie of a session is the credential. Pages may ask that are of the domain's origins.",
        Caller = CallerKind.Anyone, Response = typeof(PbxLoginView), Refusals = [401, 403])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rest/pbxlogin")] HttpRequest request, CancellationToken stop)
    {
        var found = signedIn.Find(request);
        if (!found.IsOk) return Api.Problem(found.Problem);
        var claims = found.Value;
        if (!(await directory.GetAsync(stop)).Domains.TryGetValue(claims.Domain, out var domain) || !domain.Users.ContainsKey(claims.User))
            return Api.Problem(KnownProblems.UserUnknown with { Status = StatusCodes.Status403Forbidden });
        CorsHeaders.Narrow(request.HttpContext, domain);
        if (request.Headers.Origin is [{ } origin] && !domain.Origins.Contains(origin) && !WebOrigin.Same(origin, $"{request.Scheme}://{request.Host}"))
            return Api.Problem(KnownProblems.OriginNotAllowed);
        if (claims.Origin is not null && !WebOrigin.Same(claims.Origin, request.Headers.Origin)) return Api.Problem(KnownProblems.TokenWrongOrigin);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var token = await desk.TokenAsync(claims, stop);
        var server = options.Server.Length > 0 ? options.Server : request.Host.Value ?? "";
        return Api.Json(new PbxLoginView(token, server, claims.User, claims.Domain), AppJson.Default.PbxLoginView);
    }
}
