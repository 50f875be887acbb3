using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ClickToDial.Core.Destinations;

/// <summary>
/// Numbers as people write them, made into E.164: <c>+49 (0)30 1234-567</c>, <c>tel:+49-30-1234567</c>, <c>0049 30 1234567</c>. A number
/// without its country's code is understood where the code is known.
/// </summary>
public static class NumberText
{
    /// <summary>In characters; longer texts are no numbers.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Fillers = SearchValues.Create(" \t-./()[]\u00a0\u2009\u202f\u2010\u2011\u2012\u2013");

    /// <param name="home">Calling code of the domain's country with "+", or null.</param>
    public static bool TryNormalise(string? text, string? home, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (text is null || text.Length > MaxLength) return false;
        var rest = text.AsSpan().Trim();
        if (rest.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) rest = rest[4..];
        // RFC 3966 section 3: parameters follow, such as an extension or a context, and make another number of it.
        if (rest.Contains(';') || !TryCollect(rest, out var digits, out var isInternational)) return false;
        var complete = isInternational ? "+" + digits
            : digits.StartsWith("00", StringComparison.Ordinal) ? "+" + digits[2..]
            : home is null ? null
            : AtHome(digits, home);
        if (complete is null || !DestinationName.IsE164(complete)) return false;
        number = complete;
        return true;
    }

    private static string? AtHome(string digits, string home)
    {
        if (home == "+1")
        {
            if (digits.StartsWith("011", StringComparison.Ordinal)) return "+" + digits[3..];
            return digits.Length switch { 10 => "+1" + digits, 11 when digits[0] == '1' => "+" + digits, _ => null };
        }

        if (!digits.StartsWith('0')) return null;
        // In Italy the zero belongs to the number.
        return home == "+39" ? home + digits : home + digits[1..];
    }

    private static bool TryCollect(ReadOnlySpan<char> text, out string digits, out bool isInternational)
    {
        digits = "";
        isInternational = text.StartsWith("+");
        if (isInternational) text = text[1..];
        Span<char> kept = stackalloc char[MaxLength];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // "(0)" behind a country's code is for those who dial within the country.
            if (isInternational && length > 0 && text[i..].StartsWith("(0)")) i += 2;
            else if (char.IsAsciiDigit(text[i])) kept[length++] = text[i];
            else if (!Fillers.Contains(text[i])) return false;
        }

        digits = kept[..length].ToString();
        return length > 0;
    }
}
