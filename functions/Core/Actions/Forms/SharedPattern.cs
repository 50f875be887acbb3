using System.Text;
using System.Text.RegularExpressions;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>
/// A regular expression that a browser (ECMAScript, flag u, as JSON Schema wants it) and the server read alike. What they would read
/// differently is translated where it can be, and refused where not.
/// </summary>
public static class SharedPattern
{
    private const string Digit = "0-9";
    private const string Word = "A-Za-z0-9_";
    // ECMA-262, WhiteSpace and LineTerminator.
    private const string Space = "\\t\\n\\v\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF";
    private const string LineEnds = "\\n\\r\\u2028\\u2029";
    // One character that takes two places in a text.
    private const string Pair = "[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]";
    private const string Syntax = "^$\\.*+?()[]{}|/";

    /// <summary>Time by the clock, which a busy machine uses up without working: far above what any match computes.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(2);

    /// <summary>Whether some part of the text is as the pattern says, in time that grows with the text alone.</summary>
    public static bool IsMatch(string text, string pattern)
    {
        try
        {
            return TryTranslate(pattern) is { } own && Regex.IsMatch(text, own, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>The pattern as .NET reads it; null for one that is not read alike.</summary>
    public static string? TryTranslate(string pattern)
    {
        var own = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var part = pattern[at] switch
            {
                '\\' => Escape(pattern, ref at),
                '[' => Class(pattern, ref at),
                '(' => Group(pattern, ref at),
                '{' => Quantifier(pattern, ref at),
                ']' or '}' => null,
                '^' or '$' when at + 1 < pattern.Length && pattern[at + 1] is '*' or '+' or '?' or '{' => null,
                '$' => One("\\z", ref at),
                '.' => One($"(?:{Pair}|[^{LineEnds}\\uD800-\\uDFFF])", ref at),
                var c when char.IsSurrogate(c) || char.IsControl(c) => null,
                var c => One(c.ToString(), ref at),
            };
            if (part is null) return null;
            own.Append(part);
        }
        return own.ToString();
    }

    private static string One(string part, ref int at)
    {
        at++;
        return part;
    }

    private static string? Escape(string pattern, ref int at)
    {
        if (at + 1 == pattern.Length) return null;
        var c = pattern[at + 1];
        var inside = Set(c);
        if (inside is not null && !char.IsUpper(c)) return Two($"[{inside}]", ref at);
        if (inside is not null) return Two($"(?:{Pair}|[^{inside}\\uD800-\\uDFFF])", ref at);
        return Literal(pattern, ref at, Syntax);
    }

    private static string? Set(char c) => c switch { 'd' or 'D' => Digit, 'w' or 'W' => Word, 's' or 'S' => Space, _ => null };

    private static string Two(string part, ref int at)
    {
        at += 2;
        return part;
    }

    /// <summary>An escape that stands for one character.</summary>
    private static string? Literal(string pattern, ref int at, string syntax)
    {
        if (at + 1 == pattern.Length) return null;
        var c = pattern[at + 1];
        if (syntax.Contains(c, StringComparison.Ordinal) || c is 't' or 'n' or 'r' or 'v' or 'f') return Two($"\\{c}", ref at);
        if (c != 'u' || at + 6 > pattern.Length || !pattern.AsSpan(at + 2, 4).ToString().All(char.IsAsciiHexDigit)) return null;
        var code = Convert.ToInt32(pattern.Substring(at + 2, 4), 16);
        if (char.IsSurrogate((char)code)) return null;
        var part = pattern.Substring(at, 6);
        at += 6;
        return part;
    }

    private static string? Class(string pattern, ref int at)
    {
        var isNegated = ++at < pattern.Length && pattern[at] == '^';
        if (isNegated) at++;
        var own = new StringBuilder();
        while (at < pattern.Length && pattern[at] != ']')
        {
            var c = pattern[at];
            if (c == '[' || char.IsSurrogate(c) || char.IsControl(c)) return null;
            // A dash beside a set is read in more than one way.
            var isSet = c == '\\' && at + 1 < pattern.Length && Set(pattern[at + 1]) is not null;
            if (isSet && (char.IsUpper(pattern[at + 1]) || (own.Length > 0 && own[^1] == '-') || (at + 2 < pattern.Length && pattern[at + 2] == '-'))) return null;
            var part = isSet ? Two(Set(pattern[at + 1])!, ref at) : c == '\\' ? Literal(pattern, ref at, Syntax + "-") : One(c.ToString(), ref at);
            if (part is null) return null;
            own.Append(part);
        }
        if (at == pattern.Length || own.Length == 0) return null;
        at++;
        return isNegated ? $"(?:{Pair}|[^{own}\\uD800-\\uDFFF])" : $"[{own}]";
    }

    private static string? Group(string pattern, ref int at)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] is '*' or '+') return null;
        if (at + 1 == pattern.Length || pattern[at + 1] != '?') return One("(?:", ref at);
        if (at + 2 >= pattern.Length || pattern[at + 2] != ':') return null;
        at += 3;
        return "(?:";
    }

    private static string? Quantifier(string pattern, ref int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0) return null;
        var bounds = pattern[(at + 1)..end].Split(',');
        if (bounds.Length > 2 || bounds[0].Length is 0 or > 4 || bounds.Any(b => b.Length > 4 || !b.All(char.IsAsciiDigit))) return null;
        var part = pattern[at..(end + 1)];
        at = end + 1;
        return part;
    }
}
