using ClickToDial.Calls.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClickToDial.Calls.Control;

/// <summary>Recordings over HTTP: fetched by parts if need be, and deleted only when whoever fetched one says that it has it.</summary>
internal sealed class RecordingEndpoints(RecordingShelf? shelf)
{
    public void Map(IEndpointRouteBuilder routes, Func<RequestDelegate, RequestDelegate> guarded)
    {
        routes.MapGet("/control/recordings/{id}", guarded(GetAsync));
        routes.MapDelete("/control/recordings/{id}", guarded(DeleteAsync));
    }

    // RFC 9110 section 14: who lost the connection goes on where it was.
    private Task GetAsync(HttpContext http) => shelf?.TryOpen(Id(http)) is { } file
        ? Results.Stream(file, "audio/wav", enableRangeProcessing: true).ExecuteAsync(http)
        : ControlJson.RefuseAsync(http, Problems.NoRecording);

    private Task DeleteAsync(HttpContext http)
    {
        if (!(shelf?.TryRemove(Id(http)) ?? true)) return ControlJson.RefuseAsync(http, Problems.RecordingUnderWay);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Id(HttpContext http) => http.Request.RouteValues["id"] as string ?? "";
}
