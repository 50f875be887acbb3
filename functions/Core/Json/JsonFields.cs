using System.Text.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Json;

/// <summary>
/// Reads the members of a request body one by one and remembers the first fault, so that a reader is a list of fields and the
/// caller learns which field is wrong and how. Unknown members are ignored.
/// </summary>
public sealed class JsonFields
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly JsonElement _object;

    private JsonFields(JsonElement root) => _object = root;

    /// <summary>The first fault met, or null.</summary>
    public Problem? Problem { get; private set; }

    public static Result<JsonFields> Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new JsonFields(document.RootElement.Clone())
                : KnownProblems.InvalidJson;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a name that is no text, met where names are compared.
            return KnownProblems.InvalidJson;
        }
    }

    /// <summary>Null or absent counts as missing; so does an empty text.</summary>
    public string RequiredText(string name, int maxLength)
    {
        var text = OptionalText(name, maxLength);
        if (string.IsNullOrEmpty(text)) Fail(KnownProblems.FieldMissing, name);
        return text ?? "";
    }

    public string? OptionalText(string name, int maxLength) =>
        Find(name, JsonValueKind.String) is { } value ? Text(value, name, maxLength) : null;

    public bool? OptionalFlag(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fail(KnownProblems.FieldWrongType, name);
        return null;
    }

    public int? OptionalNumber(string name, int min, int max)
    {
        if (Find(name, JsonValueKind.Number) is not { } value) return null;
        if (!value.TryGetDecimal(out var number)) return FailNumber(KnownProblems.FieldOutOfRange, name);
        if (number != decimal.Truncate(number)) return FailNumber(KnownProblems.FieldWrongType, name);
        return number < min || number > max ? FailNumber(KnownProblems.FieldOutOfRange, name) : (int)number;
    }

    /// <summary>An array of 1 to <paramref name="maxCount"/> texts.</summary>
    public IReadOnlyList<string>? OptionalTexts(string name, int maxCount, int maxLength)
    {
        if (Find(name, JsonValueKind.Array) is not { } array) return null;
        if (array.GetArrayLength() is var count && (count == 0 || count > maxCount))
        {
            Fail(KnownProblems.FieldOutOfRange, name);
            return null;
        }

        var texts = new List<string>(count);
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String) Fail(KnownProblems.FieldWrongType, name);
            else texts.Add(Text(item, name, maxLength) ?? "");
        }

        return texts;
    }

    /// <summary>An object of 0 to <paramref name="maxCount"/> texts by name.</summary>
    public IReadOnlyDictionary<string, string>? OptionalTextMap(string name, int maxCount, int maxLength)
    {
        if (Find(name, JsonValueKind.Object) is not { } map) return null;
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in map.EnumerateObject())
        {
            if (texts.Count == maxCount) Fail(KnownProblems.FieldOutOfRange, name);
            else if (member.Value.ValueKind is not JsonValueKind.String) Fail(KnownProblems.FieldWrongType, name);
            else if (!TryGetName(member, out var key) || !texts.TryAdd(key, Text(member.Value, name, maxLength) ?? "")) Fail(KnownProblems.FieldInvalid, name);
            if (Problem is not null) return null;
        }

        return texts;
    }

    public void Fail(Problem problem, string name) => Problem ??= problem with { Field = name };

    private int? FailNumber(Problem problem, string name)
    {
        Fail(problem, name);
        return null;
    }

    private JsonElement? Find(string name)
    {
        try
        {
            return _object.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // A name with an escaped lone surrogate is valid JSON grammar but no text.
            Problem ??= KnownProblems.InvalidJson;
            return null;
        }
    }

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == kind) return value;
        Fail(KnownProblems.FieldWrongType, name);
        return null;
    }

    private string? Text(JsonElement value, string name, int maxLength)
    {
        if (!TryGetString(value, out var text)) Fail(KnownProblems.FieldInvalid, name);
        else if (text.Length > maxLength) Fail(KnownProblems.FieldTooLong, name);
        else if (text.Any(char.IsControl)) Fail(KnownProblems.FieldInvalid, name);
        else return text;
        return null;
    }

    private static bool TryGetName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    private static bool TryGetString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON grammar but no text.
            text = "";
            return false;
        }
    }
}
