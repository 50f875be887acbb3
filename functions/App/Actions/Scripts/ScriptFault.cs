using System.Globalization;
using System.Text.Json.Nodes;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>What the runner says is wrong with a script, in one line for its author.</summary>
internal static class ScriptFault
{
    public static string Describe(JsonNode? error)
    {
        var text = JsonBody.Text(error?["message"]) is { Length: > 0 } message ? message : JsonBody.Text(error?["kind"]) ?? "It failed.";
        if (JsonBody.Number(error?["line"]) is not { } line) return text;
        var column = JsonBody.Number(error?["column"]) is { } at ? $", column {at.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{text} (line {line.ToString(CultureInfo.InvariantCulture)}{column})";
    }
}
