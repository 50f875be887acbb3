using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>Reads the fields of a form as the builder or a script writes them, and refuses what would not work.</summary>
public static class FieldReader
{
    private const int LongestPattern = 256;
    private const int LongestLabel = 2000;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "type", "name", "label", "defaultValue", "validation", "regex", "minLength", "maxLength", "min", "max", "step", "precision", "kind",
        "scriptforge_change", "required", "hidden", "disabled", "select_enable", "multiple", "searchable", "multiline", "collapse", "width",
        "options", "visible_when",
    };

    /// <summary>The fields, or the first fault, for people.</summary>
    public static (IReadOnlyList<FormField>? Fields, string? Fault) ReadAll(JsonNode? node)
    {
        if (node is not JsonArray list || list.Count > FormDefinition.MostFields) return (null, $"A form has a list of at most {FormDefinition.MostFields} fields.");
        var fields = new List<FormField>(list.Count);
        foreach (var item in list)
        {
            try
            {
                var field = Read(item as JsonObject ?? throw new FaultException("is no object"));
                Check(field, fields);
                fields.Add(field);
            }
            catch (FaultException e)
            {
                return (null, $"Field {fields.Count + 1}{Named(item)}: {e.Message}.");
            }
        }
        return (fields, null);
    }

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Named(JsonNode? item) => Text((item as JsonObject)?["name"]) is { Length: <= 64 } name ? $" ({name})" : "";

    private static FormField Read(JsonObject json)
    {
        if (json.FirstOrDefault(member => !Known.Contains(member.Key)).Key is { } unknown) throw new FaultException($"there is no setting {unknown}");
        return new FormField(TypeOf(json), TextAt(json, "name", 64) ?? throw new FaultException("has no name"))
        {
            Label = TextAt(json, "label", LongestLabel),
            Required = FlagAt(json, "required"),
            Hidden = FlagAt(json, "hidden"),
            Disabled = FlagAt(json, "disabled"),
            SelectEnabled = FlagAt(json, "select_enable"),
            Multiple = FlagAt(json, "multiple"),
            Searchable = FlagAt(json, "searchable"),
            Multiline = FlagAt(json, "multiline"),
            Collapse = FlagAt(json, "collapse"),
            DefaultValue = json["defaultValue"]?.DeepClone(),
            Validation = TextAt(json, "validation", 64),
            Pattern = TextAt(json, "regex", LongestPattern),
            MinLength = WholeAt(json, "minLength", 0, FormDefinition.LongestText),
            MaxLength = WholeAt(json, "maxLength", 1, FormDefinition.LongestText),
            Min = NumberAt(json, "min"),
            Max = NumberAt(json, "max"),
            Step = NumberAt(json, "step"),
            Precision = WholeAt(json, "precision", 0, 10),
            Options = OptionsAt(json),
            Kind = TextAt(json, "kind", 16),
            Width = WholeAt(json, "width", 1, 12) ?? 12,
            ChangeEntry = TextAt(json, "scriptforge_change", 64),
            VisibleWhen = ConditionAt(json),
        };
    }

    private static void Check(FormField field, List<FormField> before)
    {
        if (!field.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) throw new FaultException("its name may have letters, digits and _");
        if (before.Any(other => other.Name == field.Name)) throw new FaultException("there is another of this name");
        if (field.Validation is { } rule && !TextRules.All.ContainsKey(rule)) throw new FaultException($"there is no validation {rule}; there are {string.Join(", ", TextRules.All.Keys)}");
        if (field.Pattern is { } pattern) CheckPattern(pattern);
        if (field.Min > field.Max || field.MinLength > field.MaxLength) throw new FaultException("its least is more than its most");
        if (field.Kind is { } kind && (field.Type != FieldType.Date || !TextRules.DateKinds.Contains(kind))) throw new FaultException($"a date is one of {string.Join(", ", TextRules.DateKinds)}");
        if (field.Type is FieldType.Radio or FieldType.Select && field.Options is null) throw new FaultException("it needs options");
        if (field.Type == FieldType.Rate && field.Max is { } most && (!decimal.IsInteger(most) || most is < 1 or > 100)) throw new FaultException("rates go from 1 to a whole number of at most 100");
        if (field.VisibleWhen is { } when && !before.Any(other => other.Name == when.Field && other is { HasValue: true, IsList: false, Disabled: false }))
            throw new FaultException("visible_when must look at an earlier field that has one value");
    }

    // Only patterns whose time grows with the text alone.
    private static void CheckPattern(string pattern)
    {
        if (SharedPattern.TryTranslate(pattern) is not { } own) throw new FaultException("its regex is not one that browsers and the server read alike");
        try
        {
            _ = new Regex(own, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
        }
        catch (ArgumentException)
        {
            throw new FaultException("its regex cannot be read");
        }
        catch (NotSupportedException)
        {
            throw new FaultException("its regex may not look ahead, look behind or refer back");
        }
    }

    private static FieldType TypeOf(JsonObject json)
    {
        try
        {
            if (json["type"] is JsonValue value && value.GetValueKind() == JsonValueKind.String) return value.Deserialize<FieldType>();
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new FaultException("its type is none of the fourteen");
    }

    private static string? TextAt(JsonObject json, string name, int most)
    {
        if (json[name] is not { } node) return null;
        if (Text(node) is not { } text) throw new FaultException($"{name} must be a text");
        if (text.Length > most) throw new FaultException($"{name} is longer than {most}");
        return text.Length == 0 ? null : text;
    }

    private static bool FlagAt(JsonObject json, string name) => json[name]?.GetValueKind() switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw new FaultException($"{name} must be true or false"),
    };

    private static decimal? NumberAt(JsonObject json, string name)
    {
        if (json[name] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        throw new FaultException($"{name} must be a number");
    }

    private static int? WholeAt(JsonObject json, string name, int least, int most)
    {
        if (NumberAt(json, name) is not { } number) return null;
        return decimal.IsInteger(number) && number >= least && number <= most ? (int)number : throw new FaultException($"{name} must be a whole number from {least} to {most}");
    }

    private static List<FieldOption>? OptionsAt(JsonObject json)
    {
        if (json["options"] is not { } node) return null;
        if (node is not JsonArray { Count: > 0 and <= FormDefinition.MostOptions } list) throw new FaultException($"options must be a list of 1 to {FormDefinition.MostOptions}");
        var options = list.Select(Option).ToList();
        return options.DistinctBy(option => option.Value).Count() == options.Count ? options : throw new FaultException("two options have the same value");
    }

    private static FieldOption Option(JsonNode? node)
    {
        if (Text(node) is { Length: <= 256 } value) return new FieldOption(value);
        if (node is JsonObject json && Text(json["value"]) is { Length: <= 256 } own) return new FieldOption(own, TextAt(json, "label", LongestLabel));
        throw new FaultException("an option is a text, or an object with a value and a label");
    }

    // {"field": "x", "equals": v} or with "in" or "not_in" and a list.
    private static Visibility? ConditionAt(JsonObject json)
    {
        if (json["visible_when"] is not { } node) return null;
        if (node is not JsonObject when || Text(when["field"]) is not { } field || when.Count != 2) throw new FaultException("visible_when has a field, and equals, in or not_in");
        if (when["equals"] is { } one && one is JsonValue) return new Visibility(field, [one.DeepClone()]);
        var not = when.ContainsKey("not_in");
        if (when[not ? "not_in" : "in"] is JsonArray { Count: > 0 and <= 50 } list && list.All(value => value is JsonValue))
            return new Visibility(field, [.. list.Select(value => value!.DeepClone())], not);
        throw new FaultException("visible_when has a field, and equals, in or not_in");
    }

    /// <summary>Never leaves this class.</summary>
    private sealed class FaultException(string message) : Exception(message);
}
