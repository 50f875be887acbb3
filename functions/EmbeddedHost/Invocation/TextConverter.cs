using System.Globalization;
using System.Text.Json;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>
/// Turns a text that a trigger delivered (a route value, a message) into a parameter's type, by the real worker's rules: text as
/// it is, Guid, dates, and JSON for everything else, so that numbers and "true" bind and an enumeration's name does not.
/// </summary>
internal static class TextConverter
{
    public static object? Convert(string text, Type target, JsonSerializerOptions json, string parameter)
    {
        var type = Nullable.GetUnderlyingType(target) ?? target;
        if (type.IsAssignableFrom(typeof(string))) return text;
        if (type == typeof(Guid) && Guid.TryParse(text, out var guid)) return guid;
        if (type == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var offset)) return offset;
        if (type == typeof(DateTime) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date))
            return date;
        try
        {
            return JsonSerializer.Deserialize(text, target, json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new BindingException($"The value for '{parameter}' does not fit {target.Name}.", e);
        }
    }
}
