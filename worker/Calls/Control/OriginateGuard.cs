using System.Buffers;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>
/// The gate between a command and everything that is made of it: what passes may stand in a SIP URI, a header and a log as it is.
/// </summary>
public static class OriginateGuard
{
    private const int MaxDomain = 253;
    private const int MaxName = 64;

    private static readonly SearchValues<char> DomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    internal const string BadCallerId = "callerId: an E.164 number with +, or a user name.";
    internal const string BadDomain = "domain: a host name of at most 253 characters.";
    internal const string BadUser = "user: 1 to 64 letters, digits, dots, dashes and underscores.";

    /// <summary>What is wrong, naming the member; null when nothing is.</summary>
    public static string? Check(OriginateCommand command)
    {
        if (!IsDomain(command.Domain)) return BadDomain;
        if (!IsUser(command.User)) return BadUser;
        if (!IsDestination(command.Destination)) return "destination: an E.164 number with +, a user name or a test number.";
        if (command.Asked is { } asked && !IsDestination(asked)) return "asked: an E.164 number with +, a user name or a test number.";
        if (command.CallerId is { } callerId && !IsCallerId(callerId)) return BadCallerId;
        if (command.RingTimeoutSeconds is < 5 or > 180) return "ringTimeoutSeconds: 5 to 180.";
        if (command.MaxDurationSeconds is < 1 or > 86_400) return "maxDurationSeconds: 1 to 86400.";
        if (command.TraceParent is { } trace && !IsTraceParent(trace))
            return "traceParent: W3C trace context.";
        return null;
    }

    internal static bool IsDomain(string text) => IsText(text, MaxDomain, DomainCharacters);

    internal static bool IsCallerId(string text) => IsNumber(text) || IsText(text, MaxName, NameCharacters);

    internal static bool IsUser(string text) => IsText(text, MaxName, NameCharacters);

    /// <summary>An E.164 number with "+", a user name or a test number.</summary>
    public static bool IsDestination(string text) => IsNumber(text) || IsText(text, MaxName, NameCharacters);

    // E.164: at most 15 digits, the first of a country code never 0.
    private static bool IsNumber(string text) =>
        text.Length is >= 3 and <= 16 && text[0] == '+' && text[1] != '0' && !text.AsSpan(1).ContainsAnyExcept(Digits);

    private static bool IsText(string text, int longest, SearchValues<char> allowed) =>
        text.Length > 0 && text.Length <= longest && !text.AsSpan().ContainsAnyExcept(allowed);

    private static bool IsTraceParent(string text) =>
        text.Length <= 128 && text.All(c => char.IsAsciiHexDigitLower(c) || c == '-');
}
