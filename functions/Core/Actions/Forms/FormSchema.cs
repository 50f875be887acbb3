using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>
/// What a form takes, as JSON Schema (2020-12), for browsers. <see cref="FormCheck"/> is the same on the server; a test holds the two
/// against each other with a foreign validator.
/// </summary>
public static class FormSchema
{
    public static JsonObject Write(IReadOnlyList<FormField> fields)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var conditions = new JsonArray();
        foreach (var field in fields.Where(field => field.HasValue))
        {
            var open = field.Disabled || field.VisibleWhen is not null;
            properties[field.Name] = open ? new JsonObject() : Value(field);
            if (field.VisibleWhen is null && IsNeeded(field)) required.Add(field.Name);
            if (field.VisibleWhen is not null && !field.Disabled) conditions.Add(Conditional(field, fields));
        }
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (required.Count > 0) schema["required"] = required;
        if (conditions.Count > 0) schema["allOf"] = conditions;
        return schema;
    }

    /// <summary>It must be filled in by whoever sees the form.</summary>
    internal static bool IsNeeded(FormField field) => field is { Required: true, Disabled: false, HasValue: true };

    private static JsonObject Conditional(FormField field, IReadOnlyList<FormField> fields)
    {
        var then = new JsonObject { ["properties"] = new JsonObject { [field.Name] = Value(field) } };
        if (IsNeeded(field)) then["required"] = new JsonArray(field.Name);
        return new JsonObject { ["if"] = new JsonObject { ["allOf"] = If(field, fields) }, ["then"] = then };
    }

    // A field whose condition looks at a field that is not shown itself is not shown either.
    private static JsonArray If(FormField field, IReadOnlyList<FormField> fields)
    {
        var all = new JsonArray();
        for (var at = field; at?.VisibleWhen is { } when; at = fields.FirstOrDefault(other => other.Name == when.Field))
        {
            var values = new JsonArray([.. when.Values.Select(value => value.DeepClone())]);
            JsonNode one = new JsonObject { ["enum"] = values };
            all.Add((JsonNode)new JsonObject
            {
                ["required"] = new JsonArray(when.Field),
                ["properties"] = new JsonObject { [when.Field] = when.Not ? new JsonObject { ["not"] = one } : one },
            });
        }
        return all;
    }

    private static JsonObject Value(FormField field) => field.Type switch
    {
        FieldType.Input or FieldType.Textarea => Text(field),
        FieldType.Number or FieldType.Slider => Number(field),
        FieldType.Rate => new JsonObject { ["type"] = "integer", ["minimum"] = field.Required ? 1 : 0, ["maximum"] = field.Max ?? 5 },
        FieldType.Switch => Boolean(field),
        FieldType.Checkbox when field.Options is null => Boolean(field),
        FieldType.Radio => Choice(field),
        FieldType.Select or FieldType.Checkbox => field.IsList ? List(field, Choice(field), unique: true) : Choice(field),
        FieldType.Time => Matching(TextRules.Time),
        FieldType.Color => Matching(TextRules.Color),
        _ => Date(field),
    };

    private static JsonObject Text(FormField field)
    {
        var schema = new JsonObject { ["type"] = "string", ["maxLength"] = field.MaxLength ?? FormDefinition.LongestText };
        if (Math.Max(field.MinLength ?? 0, field.Required ? 1 : 0) is > 0 and var least) schema["minLength"] = least;
        var patterns = Patterns(field).ToList();
        if (patterns.Count > 0) schema["allOf"] = new JsonArray([.. patterns.Select(pattern => (JsonNode)OrEmpty(field, pattern))]);
        return schema;
    }

    /// <summary>A text that need not be there may be empty whatever it must look like.</summary>
    private static JsonObject OrEmpty(FormField field, string pattern)
    {
        var matching = new JsonObject { ["pattern"] = pattern };
        return field.Required ? matching : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["maxLength"] = 0 }, matching) };
    }

    internal static IEnumerable<string> Patterns(FormField field)
    {
        if (field.Validation is { } rule) yield return TextRules.All[rule];
        if (field.Pattern is { } own) yield return own;
    }

    private static JsonObject Number(FormField field)
    {
        var schema = new JsonObject { ["type"] = "number" };
        if (field.Min is { } min) schema["minimum"] = min;
        if (field.Max is { } max) schema["maximum"] = max;
        return schema;
    }

    // A box that must be ticked.
    private static JsonObject Boolean(FormField field) => field.Required ? new JsonObject { ["const"] = true } : new JsonObject { ["type"] = "boolean" };

    private static JsonObject Choice(FormField field) => new() { ["enum"] = new JsonArray([.. field.Options!.Select(option => (JsonNode)option.Value)]) };

    private static JsonObject List(FormField field, JsonObject items, bool unique)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = items, ["maxItems"] = FormDefinition.MostValues };
        if (unique) schema["uniqueItems"] = true;
        if (field.Required) schema["minItems"] = 1;
        return schema;
    }

    private static JsonObject Date(FormField field)
    {
        var one = Matching(TextRules.Date(field.Kind));
        if (field.Kind == "dates") return List(field, one, unique: true);
        return field.Kind == "datetimerange" ? new JsonObject { ["type"] = "array", ["items"] = one, ["minItems"] = 2, ["maxItems"] = 2 } : one;
    }

    private static JsonObject Matching(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };
}
