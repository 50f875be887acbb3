using System.Text.Json.Nodes;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>A form in the wire's names (C6).</summary>
public static class FormJson
{
    public static Result<FormDefinition> Read(JsonObject json, string id)
    {
        if (JsonBody.Text(json["name"]) is not { Length: > 0 and <= ActionRules.MaxFormName } name || name.Any(char.IsControl))
            return KnownProblems.FieldInvalid with { Field = "name" };
        if (Bad(json, "sandbox_id") || Bad(json, "fn")) return KnownProblems.FieldInvalid with { Field = Bad(json, "fn") ? "fn" : "sandbox_id" };
        var (fields, fault) = FieldReader.ReadAll(json["formSchema"]);
        if (fields is null) return KnownProblems.FieldInvalid with { Field = "formSchema", Detail = fault };
        var script = JsonBody.Text(json["sandbox_id"]) is { Length: > 0 } text ? text : null;
        return new FormDefinition(id, name, fields, script, JsonBody.Text(json["fn"]) is { Length: > 0 } entry ? entry : ScriptCall.Main);
    }

    public static JsonObject Write(FormDefinition form) => new()
    {
        ["id"] = form.Id,
        ["name"] = form.Name,
        ["sandbox_id"] = form.ScriptId,
        ["fn"] = form.Entry,
        ["formSchema"] = WriteFields(form.Fields),
    };

    public static JsonArray WriteFields(IReadOnlyList<FormField> fields) => new([.. fields.Select(FieldWriter.Write)]);

    private static bool Bad(JsonObject json, string name) =>
        json[name] is { } node && (JsonBody.Text(node) is not { Length: <= ButtonJson.MaxName } text || text.Any(char.IsControl));
}
