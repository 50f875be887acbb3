using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>What was filled into a form, held against its fields: the server's side of <see cref="FormSchema"/>.</summary>
public static class FormCheck
{
    /// <summary>Every fault, at most one a field.</summary>
    public static IReadOnlyList<FieldFault> Faults(IReadOnlyList<FormField> fields, JsonObject data)
    {
        var byName = fields.Where(field => field.HasValue).ToDictionary(field => field.Name, StringComparer.Ordinal);
        var faults = data.Where(member => !byName.ContainsKey(member.Key)).Select(member => new FieldFault(member.Key, "unknown")).ToList();
        foreach (var field in byName.Values)
        {
            if (field.Disabled || !IsVisible(field, byName, data)) continue;
            if (!data.TryGetPropertyValue(field.Name, out var value))
            {
                if (field.Required) faults.Add(new FieldFault(field.Name, "required"));
            }
            else if (Fault(field, value) is { } reason) faults.Add(new FieldFault(field.Name, reason));
        }
        return faults;
    }

    /// <summary>What of it counts: without fields that are disabled or not shown.</summary>
    public static JsonObject Accepted(IReadOnlyList<FormField> fields, JsonObject data)
    {
        var byName = fields.Where(field => field.HasValue).ToDictionary(field => field.Name, StringComparer.Ordinal);
        return new JsonObject(data
            .Where(member => byName.TryGetValue(member.Key, out var field) && !field.Disabled && IsVisible(field, byName, data))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    private static bool IsVisible(FormField field, Dictionary<string, FormField> fields, JsonObject data)
    {
        for (var at = field; at?.VisibleWhen is { } when; at = fields.GetValueOrDefault(when.Field))
            if (!data.TryGetPropertyValue(when.Field, out var value) || when.Values.Any(wanted => JsonNode.DeepEquals(wanted, value)) == when.Not)
                return false;
        return true;
    }

    private static string? Fault(FormField field, JsonNode? value) => field.Type switch
    {
        FieldType.Input or FieldType.Textarea => TextFault(field, value),
        FieldType.Number or FieldType.Slider => NumberOf(value) is { } number ? Within(number, field.Min, field.Max) : "type",
        FieldType.Rate => NumberOf(value) is { } rate && decimal.IsInteger(rate) ? Within(rate, field.Required ? 1 : 0, field.Max ?? 5) : "type",
        FieldType.Switch => BooleanFault(field, value),
        FieldType.Checkbox when field.Options is null => BooleanFault(field, value),
        FieldType.Radio => ChoiceFault(field, value),
        FieldType.Select or FieldType.Checkbox => field.IsList ? ListFault(field, value, item => ChoiceFault(field, item), field.Required ? 1 : 0) : ChoiceFault(field, value),
        FieldType.Time => Matches(value, TextRules.Time),
        FieldType.Color => Matches(value, TextRules.Color),
        _ => DateFault(field, value),
    };

    private static string? TextFault(FormField field, JsonNode? value)
    {
        if (TextOf(value) is not { } text) return "type";
        // JSON Schema counts characters, not halves of them (2020-12 validation, section 6.3.1).
        var length = text.Length - text.Count(char.IsLowSurrogate);
        if (length > (field.MaxLength ?? FormDefinition.LongestText) || length < Math.Max(field.MinLength ?? 0, field.Required ? 1 : 0)) return "length";
        if (text.Length == 0 && !field.Required) return null;
        return FormSchema.Patterns(field).All(pattern => IsMatch(text, pattern)) ? null : "pattern";
    }

    private static string? BooleanFault(FormField field, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => null,
        JsonValueKind.False => field.Required ? "required" : null,
        _ => "type",
    };

    private static string? ChoiceFault(FormField field, JsonNode? value) =>
        TextOf(value) is { } text && field.Options!.Any(option => option.Value == text) ? null : "choice";

    private static string? ListFault(FormField field, JsonNode? value, Func<JsonNode?, string?> faultOfItem, int least, bool unique = true)
    {
        if (value is not JsonArray list) return "type";
        if (list.Count < least || list.Count > FormDefinition.MostValues) return "count";
        if (list.Select(faultOfItem).FirstOrDefault(fault => fault is not null) is { } fault) return fault;
        return unique && list.Select(TextOf).Distinct(StringComparer.Ordinal).Count() != list.Count ? "count" : null;
    }

    private static string? DateFault(FormField field, JsonNode? value)
    {
        var pattern = TextRules.Date(field.Kind);
        if (field.Kind == "dates") return ListFault(field, value, item => Matches(item, pattern), field.Required ? 1 : 0);
        if (field.Kind != "datetimerange") return Matches(value, pattern);
        return ListFault(field, value, item => Matches(item, pattern), least: 2, unique: false) ?? ((JsonArray)value!).Count switch { 2 => null, _ => "count" };
    }

    private static string? Within(decimal number, decimal? min, decimal? max) => number < min || number > max ? "range" : null;

    private static string? Matches(JsonNode? value, string pattern) => TextOf(value) is not { } text ? "type" : IsMatch(text, pattern) ? null : "pattern";

    private static bool IsMatch(string text, string pattern) => SharedPattern.IsMatch(text, pattern);

    private static string? TextOf(JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;

    private static decimal? NumberOf(JsonNode? value) =>
        value is JsonValue number && number.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var result)
            ? result
            : null;
}
