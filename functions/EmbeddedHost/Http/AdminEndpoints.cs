using ClickToDial.EmbeddedHost.Indexing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>The host's own addresses, as far as health checks and people need them. No key is asked for on loopback.</summary>
internal static class AdminEndpoints
{
    public const string StatusPath = "/admin/host/status";
    public const string FunctionsPath = "/admin/functions";

    public static IResult Status(IHostApplicationLifetime lifetime)
    {
        var stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        return Results.Json(
            new { id = "embedded", state = stopping ? "Stopping" : "Running", version = "4.0.0-embedded" },
            statusCode: stopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    public static IResult Functions(FunctionIndex index) => Results.Json(index.Functions.Select(f => new
    {
        name = f.Name,
        trigger = f.Kind.ToString(),
        isDisabled = f.DisabledReason is not null,
        reason = f.DisabledReason,
    }));
}
