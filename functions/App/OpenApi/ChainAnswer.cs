using System.Text.Json.Nodes;

namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: a chain. What its steps hold depends on what was built.</summary>
/// <param name="State">running, waiting or ended.</param>
/// <param name="History">Its steps, by number.</param>
/// <param name="Current">The step that waits for the client.</param>
/// <param name="End">Why it has ended.</param>
public sealed record ChainAnswer(
    string Id, string State, string User, string? Button, DateTimeOffset StartedAt, IReadOnlyList<JsonObject> History, JsonObject? Current, string? WaitsFor, JsonObject? End);
