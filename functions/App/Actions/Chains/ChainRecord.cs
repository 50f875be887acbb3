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

    public static string? WaitsFor(JsonObject step) => JsonBody.Text(step["waitsFor"]);

    public static int NumberOf(JsonObject step) => JsonBody.Number(step["number"]) ?? 0;
}
