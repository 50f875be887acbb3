using System.Text.Json.Nodes;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Actions;

/// <summary>A button in the wire's names (C5). Members that are read only, and unknown ones, are ignored when reading.</summary>
public static class ButtonJson
{
    public const int MaxLabel = 200;
    public const int MaxTooltip = 1000;
    public const int MaxName = 64;
    public const int MostSelected = 10_000;

    /// <summary>The button, which does something when it is pressed.</summary>
    public static Result<Button> Read(ReadOnlyMemory<byte> utf8, string id)
    {
        var parsed = JsonFields.Parse(utf8);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var button = new Button(
            id,
            fields.RequiredText("label", MaxLabel),
            fields.OptionalText("icon", MaxName),
            fields.OptionalText("tooltip", MaxTooltip),
            fields.OptionalText("type", MaxName),
            fields.OptionalText("placement", MaxName),
            fields.OptionalNumber("min_select", 0, MostSelected) ?? 0,
            fields.OptionalNumber("max_select", 1, MostSelected),
            Id(fields, "sandbox_id"),
            fields.OptionalText("fn", FunctionText.MaxLength),
            Id(fields, "form_id"),
            fields.OptionalNumber("sort_order", -1_000_000, 1_000_000) ?? 0,
            fields.OptionalFlag("supersedes") ?? false);
        if (button.MaxSelect < button.MinSelect) fields.Fail(KnownProblems.FieldOutOfRange, "max_select");
        if (fields.Problem is { } problem) return problem;
        return ButtonRules.Decide(button).Fault is { } fault ? KnownProblems.FieldInvalid with { Field = "fn", Detail = fault } : button;
    }

    public static JsonObject Write(Button button, string account)
    {
        var json = new JsonObject
        {
            ["id"] = button.Id,
            ["account_id"] = account,
            ["label"] = button.Label,
            ["icon"] = button.Icon,
            ["tooltip"] = button.Tooltip,
            ["type"] = button.Type,
            ["placement"] = button.Placement,
            ["min_select"] = button.MinSelect,
            ["max_select"] = button.MaxSelect,
            ["sandbox_id"] = button.ScriptId,
            ["fn"] = button.Function,
            ["form_id"] = button.FormId,
            ["sort_order"] = button.SortOrder,
            ["supersedes"] = button.Supersedes,
        };
        return json;
    }

    // An empty text is no id, as builders send it.
    private static string? Id(JsonFields fields, string name) => fields.OptionalText(name, MaxName) is { Length: > 0 } id ? id : null;
}
