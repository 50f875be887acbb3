using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>POST /api/calls</c>: rings the user's devices, then the destination. Needs an <c>Idempotency-Key</c>.</summary>
public sealed class OriginateCall(Authorizer authorizer, OriginateRequestHandler handler)
{
    [Function(nameof(OriginateCall))]
    [Operation(
        "Rings the user's devices, then the destination.",
        Scope = ApiScopes.CallsWrite, Status = 202, Request = typeof(CallBody), Response = typeof(CallAccepted), Headers = ["Idempotency-Key"], Refusals = [404, 422, 502])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/calls")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsWrite, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var originated = await handler.HandleAsync(principal.Value, request.Headers["Idempotency-Key"], body.Value, stop);
        if (!originated.IsOk) return Api.Problem(originated.Problem);
        var headers = request.HttpContext.Response.Headers;
        headers.Location = $"/api/calls/{originated.Value.Call.CallId}";
        if (originated.Value.Replayed) headers["Idempotency-Replayed"] = "true";
        return Api.Json(CallAccepted.Of(originated.Value), AppJson.Default.CallAccepted, StatusCodes.Status202Accepted);
    }
}
