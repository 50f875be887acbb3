using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Calls that scripts make, end and list: the agent's own, by the same rules as the API's.</summary>
public sealed class ScriptCalls(Originator originator, CallReader reader, CallEnder ender, ICallStore placed, TimeProvider time)
{
    private static readonly string[] Passed = ["callerId", "prompt", "ringTimeoutSeconds", "autoAnswer"];

    /// <param name="given">A destination and options, or options with a destination.</param>
    public async Task<JsonNode?> MakeAsync(ScriptCaller caller, JsonArray given, CancellationToken stop)
    {
        var options = given.OfType<JsonObject>().FirstOrDefault();
        var destination = given.Count > 0 && JsonBody.Text(given[0]) is { } text ? text : JsonBody.Text(options?["destination"]);
        var body = new JsonObject { ["user"] = caller.User, ["destination"] = destination };
        foreach (var name in Passed)
            if (options?[name] is { } value) body[name] = value.DeepClone();
        var request = CallRequest.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), tokenUser: null);
        if (!request.IsOk) throw Refused(request.Problem);
        var principal = caller.Placing;
        var mark = new IdempotencyKey(caller.Key).MarkFor(principal);
        // What was placed in time is answered with again.
        if (caller.Token?.Stops(time.GetUtcNow()) == true && await placed.FindPlacedAsync(principal.Domain, mark, stop) is null)
            throw Refused(KnownProblems.TokenExpired);
        var originated = await originator.OriginateAsync(principal, request.Value, mark, stop);
        if (!originated.IsOk) throw Refused(originated.Problem);
        return new JsonObject { ["id"] = originated.Value.Call.CallId.Value };
    }

    public async Task<JsonNode?> EndAsync(ScriptCaller caller, string id, CancellationToken stop)
    {
        var found = await reader.FindAsync(caller.Principal, id, stop);
        if (!found.IsOk || found.Value.Row.User != caller.User) throw Refused(KnownProblems.CallNotFound);
        return await ender.HangUpAsync(caller.Principal, id, stop) is { } problem ? throw Refused(problem) : JsonValue.Create(true);
    }

    public async Task<JsonNode?> ListAsync(ScriptCaller caller, JsonObject? options, CancellationToken stop)
    {
        var page = await reader.ListAsync(caller.Principal, name => name == "user" ? caller.User : name is "limit" or "state" ? Plain(options?[name]) : null, stop);
        if (!page.IsOk) throw Refused(page.Problem);
        return JsonSerializer.SerializeToNode(page.Value, AppJson.Default.CallPageView)!["calls"]?.DeepClone();
    }

    private static string? Plain(JsonNode? node) => JsonBody.Text(node) ?? node?.ToJsonString();

    // 503: the whole step is tried again, by whoever runs it.
    private static Exception Refused(Problem problem) =>
        problem.RetryAfterSeconds is not null && problem.Status == 503
            ? new InvalidOperationException(problem.Reason)
            : new ScriptRequestException(problem.Reason, problem.Title);
}
