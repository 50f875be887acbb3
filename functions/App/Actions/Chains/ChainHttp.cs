using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.App.Access;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Chains;

/// <summary><c>/api/chains</c>: looking at a chain, acknowledging its actions, following it, ending it.</summary>
public sealed class ChainHttp(Authorizer authorizer, ChainDesk desk)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    [Function("GetChain")]
    [Operation("A chain: its state, its history, and what it waits for.", Scope = ApiScopes.CallsRead, Refusals = [404])]
    public async Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/chains/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var (principal, chain, problem) = await FindAsync(request, id, ApiScopes.CallsRead, stop);
        return problem is null ? JsonAnswer.Of(ChainViews.Whole(chain!, IsPhone(principal))) : Api.Problem(problem);
    }

    [Function("EndChainNow")]
    [Operation("Ends a chain.", Scope = ApiScopes.CallsWrite, Status = 204, Refusals = [404])]
    public async Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/chains/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var (principal, chain, problem) = await FindAsync(request, id, ApiScopes.CallsWrite, stop);
        if (problem is not null) return Api.Problem(problem);
        if (chain!.End is null) await desk.StopAsync(client, principal!.Domain, chain.User, chain.ChainId, ChainEndings.Stopped, stop);
        return Results.NoContent();
    }

    [Function("AcknowledgeAction")]
    [Operation("Says that the client has done or refused an action; the answer is the next one.", Scope = ApiScopes.CallsWrite, Request = typeof(AckBody), Refusals = [404, 409, 422])]
    public async Task<IResult> Acknowledge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/chains/{id}/ack")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var (principal, chain, problem) = await FindAsync(request, id, ApiScopes.CallsWrite, stop);
        if (problem is not null) return Api.Problem(problem);
        // The chain would go on to call where the token may not.
        if (principal!.Token?.Destinations is not null) return Api.Problem(KnownProblems.TokenRestricted);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var json = JsonBody.Parse(body.Value);
        if (!json.IsOk) return Api.Problem(json.Problem);
        if (JsonBody.Number(json.Value["action"]) is not { } number) return Api.Problem(KnownProblems.FieldMissing with { Field = "action" });
        if (JsonBody.Text(json.Value["result"]) is not ("ok" or "refused")) return Api.Problem(KnownProblems.FieldInvalid with { Field = "result" });
        var word = new ClientWord(JsonBody.Text(json.Value["result"]) == "ok", (json.Value["data"] as JsonObject)?.ToJsonString(), ChainToken.Of(principal));
        var change = desk.NextChange(id);
        if (await ChainDesk.AcknowledgeAsync(client, chain!, number, word, stop) is { } refused) return Api.Problem(refused);
        var after = await desk.AfterAsync(principal.Domain, chain!, number, change, stop);
        return after is null ? Api.Problem(KnownProblems.ChainUnknown) : JsonAnswer.Of(ChainViews.Whole(after, IsPhone(principal)));
    }

    [Function("FollowChain")]
    [Operation("Server-sent events: each action once it is there, then the end. Goes on behind Last-Event-ID.", Scope = ApiScopes.CallsRead, Refusals = [404])]
    public async Task<IResult> Follow([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/chains/{id}/events")] HttpRequest request, string id, CancellationToken stop)
    {
        var (principal, _, problem) = await FindAsync(request, id, ApiScopes.CallsRead, stop);
        if (problem is not null) return Api.Problem(problem);
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        var last = int.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        while (!stop.IsCancellationRequested)
        {
            if (await desk.AfterAsync(principal!.Domain, id, last, Heartbeat, stop) is not { } chain) return Results.Empty;
            var text = new StringBuilder();
            foreach (var step in chain.Steps.Where(s => ChainRecord.NumberOf(s) > last))
                text.Append(CultureInfo.InvariantCulture, $"id: {last = ChainRecord.NumberOf(step)}\nevent: action\ndata: {ChainViews.Step(step, IsPhone(principal)).ToJsonString()}\n\n");
            if (chain.End is { } end) text.Append(CultureInfo.InvariantCulture, $"id: {last}\nevent: end\ndata: {ChainViews.End(end).ToJsonString()}\n\n");
            await response.WriteAsync(text.Length > 0 ? text.ToString() : ": still here\n\n", stop);
            await response.Body.FlushAsync(stop);
            if (chain.End is not null) break;
        }
        return Results.Empty;
    }

    [Function("GetChainConsole")]
    [Operation("What the scripts of a chain have printed.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public async Task<IResult> Console([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/chains/{id}/console")] HttpRequest request, string id, CancellationToken stop)
    {
        var (principal, _, problem) = await FindAsync(request, id, ApiScopes.Buttons, stop);
        if (problem is not null) return Api.Problem(problem);
        return JsonAnswer.Of(new JsonObject { ["lines"] = new JsonArray([.. await desk.ConsoleAsync(principal!.Domain, id, stop)]) });
    }

    /// <summary>Web phones come with a session token.</summary>
    private static bool IsPhone(Principal? principal) => principal?.OnlyUser is not null;

    private async Task<(Principal? Principal, ChainRecord? Chain, Problem? Problem)> FindAsync(HttpRequest request, string id, ApiScopes scope, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, scope, stop);
        if (!principal.IsOk) return (null, null, principal.Problem);
        var chain = await desk.FindAsync(principal.Value.Domain, principal.Value.OnlyUser, id, stop);
        return chain.IsOk ? (principal.Value, chain.Value, null) : (null, null, chain.Problem);
    }
}
