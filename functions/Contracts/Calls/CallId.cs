using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

/// <summary>
/// The id of a call, chosen by whoever asks for the call and the same in every part:
/// 1 to 64 characters of <c>A-Z a-z 0-9 - _</c>, so that it is safe in a URL, a table key, a file name and a SIP header.
/// </summary>
[JsonConverter(typeof(CallIdJsonConverter))]
public readonly record struct CallId
{
    public const int MaxLength = 64;

    private readonly string? _value;

    private CallId(string value) => _value = value;

    public string Value => _value ?? "";

    public static bool TryParse([NotNullWhen(true)] string? text, out CallId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        id = new CallId(text);
        return true;
    }

    /// <exception cref="FormatException">The text is not a call id.</exception>
    public static CallId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A call id is 1 to 64 characters of A-Z a-z 0-9 - _.");

    public override string ToString() => Value;
}

/// <summary>Public so that other assemblies can generate serializers for records that hold a call id.</summary>
public sealed class CallIdJsonConverter : JsonConverter<CallId>
{
    public override CallId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && CallId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("Not a call id.");

    public override void Write(Utf8JsonWriter writer, CallId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
