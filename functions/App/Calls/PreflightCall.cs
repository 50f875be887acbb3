using ClickToDial.App.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>OPTIONS /api/calls/{id}</c> and below: may a page of this origin see, hold and end a call.</summary>
public sealed class PreflightCall
{
    [Function(nameof(PreflightCall))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "api/calls/{id}/{part?}")] HttpRequest request) =>
        CorsHeaders.Preflight(request, "GET, POST, DELETE");
}
