using System.Text;

namespace ClickToDial.Calls.Legs;

/// <summary>A key in the body of a SIP INFO, in either of the two forms phones send.</summary>
internal static class InfoDigit
{
    private const string Keys = "0123456789*#ABCD";

    /// <summary>The body of an application/dtmf-relay that presses the key for 160 ms.</summary>
    public static byte[] Write(char key) => Encoding.ASCII.GetBytes($"Signal={key}\r\nDuration=160\r\n");

    /// <param name="relay">True for application/dtmf-relay (<c>Signal=1</c>), false for application/dtmf (the key alone).</param>
    /// <returns>The key, or null when there is none.</returns>
    public static char? Read(ReadOnlySpan<byte> body, bool relay)
    {
        if (body.Length > 256) return null;
        var text = Encoding.ASCII.GetString(body);
        if (!relay) return Key(text);
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.AsSpan(0, equals).Trim().Equals("signal", StringComparison.OrdinalIgnoreCase)) return Key(line[(equals + 1)..]);
        }
        return null;
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
