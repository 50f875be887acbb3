using ClickToDial.App.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>OPTIONS /api/calls</c>: may a page of this origin call.</summary>
public sealed class PreflightCalls
{
    [Function(nameof(PreflightCalls))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "api/calls")] HttpRequest request) =>
        CorsHeaders.Preflight(request, "GET, POST");
}
