using System.Text.Json.Nodes;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Actions;

/// <summary>A script of a domain (C7).</summary>
/// <param name="Source">JavaScript, at most <see cref="MaxSource"/> characters.</param>
public sealed record ScriptDefinition(string Id, string Name, string Source)
{
    public const int MaxSource = 256 * 1024;

    public static Result<ScriptDefinition> Read(JsonObject json, string id)
    {
        if (JsonBody.Text(json["name"]) is not { Length: > 0 and <= ButtonJson.MaxLabel } name || name.Any(char.IsControl))
            return KnownProblems.FieldInvalid with { Field = "name" };
        if (JsonBody.Text(json["source"]) is not { } source) return KnownProblems.FieldMissing with { Field = "source" };
        return source.Length > MaxSource ? KnownProblems.FieldTooLong with { Field = "source" } : new ScriptDefinition(id, name, source);
    }

    public JsonObject Write() => new() { ["id"] = Id, ["name"] = Name, ["source"] = Source };
}
