using System.Buffers;

namespace ClickToDial.Core.Destinations;

/// <summary>The forms of a destination: E.164 number with "+", user of the domain, test number. Nothing else reaches the worker.</summary>
public static class DestinationName
{
    public const int MaxUserLength = 64;
    public const int MaxDomainLength = 253;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private static readonly SearchValues<string> TestNumbers =
        SearchValues.Create(["echo", "milliwatt", "busy", "no-answer"], StringComparison.Ordinal);

    /// <summary>"+", a digit that is not 0, and 6 to 14 more (ITU-T E.164 section 6: 15 digits at most).</summary>
    public static bool IsE164(string text) => text.Length is >= 8 and <= 16 && IsPrefix(text) && text.Length > 1;

    /// <summary>The beginning of an E.164 number: "+" alone, or with up to 15 digits.</summary>
    public static bool IsPrefix(string text) =>
        text.Length is >= 1 and <= 16 && text[0] == '+' && !text.AsSpan(1).ContainsAnyExcept(Digits) && (text.Length == 1 || text[1] != '0');

    public static bool IsTestNumber(string text) => TestNumbers.Contains(text);

    /// <summary>A user or device name: 1 to 64 letters, digits, "-", "_" or ".", so that it is safe in SIP, URLs and table keys.</summary>
    public static bool IsUserName(string text) =>
        text.Length is >= 1 and <= MaxUserLength && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>Host names, lower case: letters, digits, "-" and "." (RFC 1123 section 2.1).</summary>
    public static bool IsDomain(string text) =>
        text.Length is >= 1 and <= MaxDomainLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');

    /// <summary>An entry of a token's list: a destination, or a number prefix ending in "*".</summary>
    public static bool IsPattern(string text) =>
        IsE164(text) || IsUserName(text) || (text.EndsWith('*') && IsPrefix(text[..^1]));

    public static bool Covers(string pattern, string destination) =>
        pattern.EndsWith('*')
            ? destination.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : pattern == destination;
}
