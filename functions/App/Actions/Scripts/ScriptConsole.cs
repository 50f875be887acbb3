using System.Text.Json.Nodes;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>What a script printed, as it is kept for its author.</summary>
internal static class ScriptConsole
{
    /// <summary>Of one run, in characters.</summary>
    public const int MostKept = 16_000;

    /// <summary>The lines as JSON, as many as are kept; null when there are none.</summary>
    public static string? Of(JsonNode? lines)
    {
        var kept = new JsonArray();
        var left = MostKept;
        foreach (var line in lines as JsonArray ?? [])
        {
            var text = JsonBody.Text(line?["text"]) ?? "";
            if (left <= 0) break;
            kept.Add((JsonNode)new JsonObject { ["level"] = JsonBody.Text(line?["level"]), ["text"] = text.Length <= left ? text : text[..left] });
            left -= text.Length + 1;
        }
        return kept.Count > 0 ? kept.ToJsonString() : null;
    }
}
