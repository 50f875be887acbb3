using System.Buffers;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// The one guard for text that goes into a start line or a header value: no CR, LF or NUL, because each of them would let
/// a value become a header, a body or a second message on some peer. Writers assert it; edges ask it first.
/// </summary>
public static class WireText
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\r\n\0");

    /// <summary>True when the text may stand in one line of a message.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => !text.ContainsAny(Forbidden);

    /// <summary>Returns the text, or throws <see cref="ArgumentException"/> (naming no content) when it is not safe.</summary>
    public static string Require(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsSafe(text) ? text : throw new ArgumentException("The text has a line break or a NUL.", nameof(text));
    }

    /// <summary>A quoted-string (RFC 3261 section 25.1) holding the text, with quotes and backslashes escaped.</summary>
    public static string Quote(string text)
    {
        Require(text);
        return text.AsSpan().ContainsAny('"', '\\')
            ? string.Concat("\"", text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), "\"")
            : string.Concat("\"", text, "\"");
    }

    /// <summary>The content of a quoted-string, or the text itself when it is not quoted.</summary>
    public static string Unquote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return text;
        var inner = text.AsSpan(1, text.Length - 2);
        if (!inner.Contains('\\')) return inner.ToString();
        var result = new System.Text.StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length) i++;
            result.Append(inner[i]);
        }
        return result.ToString();
    }
}
