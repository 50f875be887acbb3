using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Health;

/// <summary><c>GET /healthz</c>: 200 while requests can be served, 503 while storage or queue is down; says which.</summary>
public sealed class GetHealth(HealthProbe probe)
{
    [Function(nameof(GetHealth))]
    [Operation(
        "Whether requests can be served, and which part is missing if not.",
        Details = "The status is ok, degraded (no worker, no script runner, or secrets that cannot be read or used anew) or down; down is answered with 503.",
        Caller = CallerKind.Anyone, Response = typeof(HealthView))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "healthz")] HttpRequest request, CancellationToken stop)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var health = await probe.ProbeAsync(stop);
        return Api.Json(health, AppJson.Default.HealthView, health.Status == "down" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
