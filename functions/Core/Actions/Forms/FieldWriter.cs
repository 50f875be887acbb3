using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>A field in the wire's names; what has its default value is left out.</summary>
public static class FieldWriter
{
    public static JsonObject Write(FormField field)
    {
        var json = new JsonObject { ["type"] = JsonSerializer.SerializeToNode(field.Type), ["name"] = field.Name };
        Put("label", field.Label);
        Put("defaultValue", field.DefaultValue?.DeepClone());
        Put("validation", field.Validation);
        Put("regex", field.Pattern);
        Put("minLength", field.MinLength);
        Put("maxLength", field.MaxLength);
        Put("min", field.Min);
        Put("max", field.Max);
        Put("step", field.Step);
        Put("precision", field.Precision);
        Put("kind", field.Kind);
        Put("scriptforge_change", field.ChangeEntry);
        Flag("required", field.Required);
        Flag("hidden", field.Hidden);
        Flag("disabled", field.Disabled);
        Flag("select_enable", field.SelectEnabled);
        Flag("multiple", field.Multiple);
        Flag("searchable", field.Searchable);
        Flag("multiline", field.Multiline);
        Flag("collapse", field.Collapse);
        if (field.Width != 12) json["width"] = field.Width;
        if (field.Options is { } options) json["options"] = new JsonArray([.. options.Select(Option)]);
        if (field.VisibleWhen is { } when) json["visible_when"] = Condition(when);
        return json;

        void Put(string name, JsonNode? value)
        {
            if (value is not null) json[name] = value;
        }

        void Flag(string name, bool value)
        {
            if (value) json[name] = true;
        }
    }

    private static JsonNode Option(FieldOption option)
    {
        var json = new JsonObject { ["value"] = option.Value };
        if (option.Label is { } label) json["label"] = label;
        return json;
    }

    private static JsonObject Condition(Visibility when) => new()
    {
        ["field"] = when.Field,
        [when.Not ? "not_in" : "in"] = new JsonArray([.. when.Values.Select(value => value.DeepClone())]),
    };
}
