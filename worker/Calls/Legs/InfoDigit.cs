using System.Globalization;
using System.Text;

namespace ClickToDial.Calls.Legs;

/// <summary>A key in the body of a SIP INFO, in either of the two forms phones send.</summary>
internal static class InfoDigit
{
    private const string Keys = "0123456789*#ABCD";

    /// <summary>Where a press says nothing of its length.</summary>
    public const int UsualMilliseconds = 160;

    private const int Longest = 5000;

    /// <summary>The body of an application/dtmf-relay that presses the key.</summary>
    public static byte[] Write(char key, int milliseconds) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Signal={key}\r\nDuration={milliseconds}\r\n"));

    /// <param name="relay">True for application/dtmf-relay (<c>Signal=1</c>, <c>Duration=160</c>), false for application/dtmf (the key alone).</param>
    /// <param name="milliseconds">How long it was pressed, at most five seconds; the usual time where that is not said.</param>
    /// <returns>The key, or null when there is none.</returns>
    public static char? Read(ReadOnlySpan<byte> body, bool relay, out int milliseconds)
    {
        milliseconds = UsualMilliseconds;
        if (body.Length > 256) return null;
        var text = Encoding.ASCII.GetString(body);
        if (!relay) return Key(text);
        char? key = null;
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var name = line.AsSpan(0, equals).Trim();
            var value = line[(equals + 1)..];
            if (name.Equals("signal", StringComparison.OrdinalIgnoreCase)) key ??= Key(value);
            else if (name.Equals("duration", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(value.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said > 0)
                milliseconds = Math.Min(said, Longest);
        }
        return key;
    }

    // Some phones number * and # as the events 10 and 11 (RFC 4733 section 3.2).
    private static char? Key(string text)
    {
        var key = text.Trim().ToUpperInvariant();
        return key switch
        {
            "10" => '*',
            "11" => '#',
            { Length: 1 } when Keys.Contains(key[0], StringComparison.Ordinal) => key[0],
            _ => null,
        };
    }
}
