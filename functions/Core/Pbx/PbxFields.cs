using System.Globalization;
using System.Text.Json;

namespace ClickToDial.Core.Pbx;

/// <summary>
/// Members of a PBX's event, read with patience: numbers may come as text and text as numbers, and <c>"null"</c> and <c>""</c> mean
/// nothing was said. What has no sensible form counts as not said either: one bad member must not lose the rest.
/// </summary>
public readonly struct PbxFields(JsonElement root)
{
    private const int MaxItems = 64;
    private const double LongestSeconds = 7 * 86400;

    /// <summary>The first of the names that says something, cut at the length given.</summary>
    public string? Text(int maxLength, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (root.TryGetProperty(name, out var value) && TextOf(value) is { } text) return Cut(text, maxLength);
        return null;
    }

    /// <summary>A list, or one text with commas between.</summary>
    public IReadOnlyList<string>? Texts(int maxLength, string name)
    {
        if (!root.TryGetProperty(name, out var value)) return null;
        IEnumerable<string?> texts = value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Take(MaxItems).Select(TextOf)
            : (TextOf(value) ?? "").Split(',', MaxItems, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var list = texts.OfType<string>().Select(t => Cut(t, maxLength)).ToList();
        return list.Count == 0 ? null : list;
    }

    /// <summary>ISO 8601; without an offset it is UTC.</summary>
    public DateTimeOffset? Time(string name) =>
        root.TryGetProperty(name, out var value) && TextOf(value) is { } text
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out var time)
            ? time
            : null;

    /// <summary>Whole seconds from a number, a number in text, or h:mm:ss; never below 0.</summary>
    public int? Seconds(string name)
    {
        if (!root.TryGetProperty(name, out var value) || TextOf(value) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds))
            return (int)Math.Round(Math.Clamp(seconds, 0, LongestSeconds), MidpointRounding.AwayFromZero);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? (int)Math.Clamp(span.TotalSeconds, 0, LongestSeconds) : null;
    }

    private static string Cut(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

    private static string? TextOf(JsonElement value)
    {
        try
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!.Trim(),
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            };
            return text.Length == 0 || text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : text;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON grammar but no text.
            return null;
        }
    }
}
