using ClickToDial.App.Hosting;
using ClickToDial.Core.Json;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Hooks;

/// <summary><c>POST /internal/hooks/{method}</c>: a worker asks what a browser may do, or tells what happened (F2).</summary>
public sealed class AnswerHook(HookGate gate, HookDesk desk)
{
    [Function(nameof(AnswerHook))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "internal/hooks/{method}")] HttpRequest request, string method, CancellationToken stop)
    {
        var bytes = await RequestBody.ReadJsonAsync(request, stop);
        if (!bytes.IsOk) return Api.Problem(bytes.Problem);
        if (gate.Check(request, bytes.Value) is { } stranger) return Api.Problem(stranger);
        var body = JsonBody.Parse(bytes.Value);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var answer = await desk.AnswerAsync(method, body.Value, stop);
        if (!answer.IsOk) return Api.Problem(answer.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Text(answer.Value.ToJsonString(), "application/json");
    }
}
