using System.Text.Json.Nodes;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Does what scripts ask for, each request once: values, secrets, calls of the agent, and fetching from hosts of the domain's list.</summary>
public sealed class ScriptHost(ScriptValues values, ScriptSecrets secrets, ScriptCalls calls, ScriptFetch fetch)
{
    /// <exception cref="ScriptRequestException">It is refused.</exception>
    public async Task<JsonNode?> AnswerAsync(ScriptCaller caller, string call, JsonArray given, CancellationToken stop) => call switch
    {
        "kv.get" => await values.GetAsync(caller.Domain, Text(given, 0), stop),
        "kv.set" => await values.SetAsync(caller.Domain, caller.Key, Text(given, 0), At(given, 1), Number(given, 2), stop),
        "kv.incr" => await values.IncrementAsync(caller.Domain, caller.Key, Text(given, 0), Number(given, 1) ?? 1, stop),
        "kv.delete" => await values.DeleteAsync(caller.Domain, caller.Key, Text(given, 0), stop),
        "kv.keys" => await values.KeysAsync(caller.Domain, JsonBody.Text(At(given, 0)) ?? "", stop),
        "secrets.get" => await secrets.GetAsync(caller.Domain, Text(given, 0), stop),
        "calls.make" => await calls.MakeAsync(caller, given, stop),
        "calls.end" => await calls.EndAsync(caller, Text(given, 0), stop),
        "calls.list" => await calls.ListAsync(caller, At(given, 0) as JsonObject, stop),
        "http.fetch" => await fetch.FetchAsync(caller, given, stop),
        _ => throw new ScriptRequestException("call-unknown", "There is no such function."),
    };

    private static JsonNode? At(JsonArray given, int index) => index < given.Count ? given[index] : null;

    private static string Text(JsonArray given, int index) =>
        JsonBody.Text(At(given, index)) ?? throw new ScriptRequestException("argument-invalid", $"Argument {index + 1} must be a text.");

    private static int? Number(JsonArray given, int index) => At(given, index) switch
    {
        null => null,
        JsonObject options => JsonBody.Number(options["ttl"]),
        var node => JsonBody.Number(node) ?? throw new ScriptRequestException("argument-invalid", $"Argument {index + 1} must be a whole number."),
    };
}
