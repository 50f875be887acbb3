using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Chains;

/// <summary>A chain as its client sees it.</summary>
/// <param name="Steps">What was shown, in order; each with a result once there is one.</param>
/// <param name="End">Null while it runs.</param>
public sealed record ChainRecord(string ChainId, string User, string ButtonId, DateTimeOffset StartedAt, IReadOnlyList<JsonObject> Steps, ChainEnd? End)
{
    /// <summary>The step whose word the chain waits for, or null.</summary>
    public JsonObject? Current => End is null && Steps is [.., var last] && WaitsFor(last) is not null && last["result"] is null ? last : null;

    /// <summary>The chain with one step more; null when that is not the one that comes next.</summary>
    public ChainRecord? With(ShowWork shown)
    {
        if (End is not null || Steps is not [.., var last] || shown.Number != NumberOf(last) + 1) return null;
        List<JsonObject> steps = [.. Steps];
        if (shown.Before is { } result)
        {
            steps[^1] = (JsonObject)last.DeepClone();
            steps[^1]["result"] = result;
        }
        return this with { Steps = [.. steps, (JsonObject)JsonNode.Parse(shown.Step)!] };
    }

    public static string? WaitsFor(JsonObject step) => JsonBody.Text(step["waitsFor"]);

    public static int NumberOf(JsonObject step) => JsonBody.Number(step["number"]) ?? 0;
}
