namespace ClickToDial.Core.Actions;

/// <summary>
/// The <c>fn</c> of a button, which looks like a function call: <c>openForm('Lead')</c>, <c>SAVE(yes)</c>, <c>next</c>. Names and
/// known parameters ignore case, quotes may be left out (C8).
/// </summary>
/// <param name="Name">As written.</param>
/// <param name="Parameters">As written, without quotes and the spaces around them.</param>
public sealed record FunctionText(string Name, IReadOnlyList<string> Parameters)
{
    public const int MaxLength = 2048;
    public const int MaxParameters = 8;

    /// <summary>Null for what is no function call.</summary>
    public static FunctionText? TryParse(string text)
    {
        if (text.Length > MaxLength) return null;
        var rest = text.AsSpan().Trim();
        if (rest.EndsWith(";")) rest = rest[..^1].TrimEnd();
        var name = NameAt(rest);
        if (name.IsEmpty) return null;
        rest = rest[name.Length..].TrimStart();
        if (rest.IsEmpty) return new FunctionText(name.ToString(), []);
        if (rest[0] != '(' || rest[^1] != ')') return null;
        return ReadParameters(rest[1..^1]) is { } parameters ? new FunctionText(name.ToString(), parameters) : null;
    }

    private static ReadOnlySpan<char> NameAt(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '$')) length++;
        return length is 0 or > 64 || char.IsAsciiDigit(text[0]) ? default : text[..length];
    }

    private static List<string>? ReadParameters(ReadOnlySpan<char> text)
    {
        var parameters = new List<string>();
        text = text.Trim();
        while (!text.IsEmpty)
        {
            if (parameters.Count == MaxParameters || !TryReadOne(ref text, out var parameter)) return null;
            parameters.Add(parameter);
            text = text.TrimStart();
            if (text.IsEmpty) return parameters;
            if (text[0] != ',') return null;
            text = text[1..].TrimStart();
            if (text.IsEmpty) return null; // A comma with nothing after it.
        }
        return parameters;
    }

    private static bool TryReadOne(ref ReadOnlySpan<char> text, out string parameter)
    {
        var quote = text[0];
        if (quote is not ('\'' or '"'))
        {
            var end = text.IndexOf(',');
            var bare = end < 0 ? text : text[..end];
            parameter = bare.Trim().ToString();
            text = text[bare.Length..];
            return parameter.Length > 0 && !parameter.AsSpan().ContainsAny("'\"()");
        }
        var close = text[1..].IndexOf(quote);
        parameter = close < 0 ? "" : text.Slice(1, close).ToString();
        if (close >= 0) text = text[(close + 2)..];
        return close >= 0;
    }
}
