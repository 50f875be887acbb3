using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>A field declared earlier has one of these values.</summary>
/// <param name="Not">... or none of them.</param>
public sealed record Visibility(string Field, IReadOnlyList<JsonNode> Values, bool Not = false);
