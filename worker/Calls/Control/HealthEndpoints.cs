using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClickToDial.Calls.Control;

/// <summary>How the worker is, as told to whoever asks.</summary>
/// <param name="Live">The process does its work; false asks for a restart.</param>
/// <param name="Ready">New calls are welcome.</param>
/// <param name="Draining">It is shutting down and lets its calls end.</param>
/// <param name="Directory">Domains, users and trunks are known.</param>
/// <param name="Spool">The disk takes events.</param>
/// <param name="Calls">Calls under way.</param>
/// <param name="MaxCalls">Calls it takes at once.</param>
/// <param name="Trunks">Trunks of the directory.</param>
/// <param name="TrunksUp">Of these, those that calls can use both ways.</param>
/// <param name="Dependencies">
/// Each thing it depends on with <c>up</c> or <c>down</c>: <c>functions</c> (they answered when last asked), <c>disk</c> (it takes events),
/// <c>media</c> (packets are moved), <c>trunks</c> (all can be used; <c>off</c> where there are none);
/// and of its host <c>secrets</c> (all files of them could be used at the last look; <c>off</c> where there is no folder).
/// </param>
/// <param name="Fellows">Other workers whose phones are to be called from here.</param>
/// <param name="FellowsUp">Of these, those that are reached.</param>
/// <param name="FellowUsers">Users with phones that are registered there.</param>
public sealed record WorkerHealth(
    bool Live, bool Ready, bool Draining, bool Directory, bool Spool, int Calls, int MaxCalls, int Trunks = 0, int TrunksUp = 0,
    IReadOnlyDictionary<string, string>? Dependencies = null,
    int Fellows = 0, int FellowsUp = 0, int FellowUsers = 0);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WorkerHealth))]
internal sealed partial class HealthJson : JsonSerializerContext;

/// <summary>Health over HTTP, without a token: it says nothing that a load balancer may not know.</summary>
public sealed class HealthEndpoints(Func<WorkerHealth> health)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", http => AnswerAsync(http, h => h.Ready));
        routes.MapGet("/healthz/ready", http => AnswerAsync(http, h => h.Ready));
        routes.MapGet("/healthz/live", http => AnswerAsync(http, h => h.Live));
    }

    private Task AnswerAsync(HttpContext http, Func<WorkerHealth, bool> good)
    {
        var now = health();
        http.Response.StatusCode = good(now) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, now, HealthJson.Default.WorkerHealth, http.RequestAborted);
    }
}
