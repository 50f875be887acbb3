using ClickToDial.Calls.Edge;
using ClickToDial.Sip.Endpoint;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.Calls.Control;

/// <summary><c>GET /control/fellows/{name}</c>: another worker comes for this one's phones, over a WebSocket for as long as both live.</summary>
internal sealed class FellowEndpoint(Fellows fellows)
{
    public void Map(IEndpointRouteBuilder routes, Func<RequestDelegate, RequestDelegate> guarded) =>
        routes.MapGet("/control/fellows/{name}", guarded(ServeAsync));

    private async Task ServeAsync(HttpContext http)
    {
        if (http.Request.RouteValues["name"] is not string name || !EdgeMarks.IsName(name)) await ControlJson.RefuseAsync(http, Problems.Invalid("name: up to 32 letters and digits."));
        else if (!http.WebSockets.IsWebSocketRequest) http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        else
        {
            // The web server waits half a minute for sockets that do not end by themselves when it stops.
            var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            if (stopping.IsCancellationRequested)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            await fellows.ServeAsync(socket, name, end.Token);
        }
    }
}
