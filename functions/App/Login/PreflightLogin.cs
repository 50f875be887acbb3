using ClickToDial.App.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Login;

/// <summary><c>OPTIONS /rest/...</c>: may a page of this origin log in.</summary>
public sealed class PreflightLogin
{
    [Function(nameof(PreflightLogin))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "rest/{*path}")] HttpRequest request) =>
        CorsHeaders.Preflight(request, "GET, POST");
}
