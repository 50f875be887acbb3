using System.Globalization;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>
/// Marks of calls that have an id before they are allowed, as those have that a browser or a phone dials: the id itself, so that the call log
/// is found by it, and for what is dialled within the call, as a transfer does, which attempt it is.
/// </summary>
public static class CallMarks
{
    /// <summary>More than a call can have legs.</summary>
    public const int MostAttempts = 1000;

    // No mark of an idempotency key holds it.
    private const char Separator = '!';
    private const string Prefix = "c!";

    /// <param name="attempt">1 for the call itself, up to <see cref="MostAttempts"/>.</param>
    public static string Of(CallId id, int attempt = 1) =>
        attempt == 1 ? Prefix + id.Value : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id.Value}{Separator}{attempt}");

    public static bool TryReadCall(string mark, out CallId id)
    {
        id = default;
        if (!mark.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var text = mark[Prefix.Length..];
        return CallId.TryParse(text.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text, out id);
    }
}
