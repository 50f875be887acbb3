using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>
/// Makes call ids that sort by time: 48 bits of milliseconds since 1970 and 80 random bits in 26 characters of Crockford's
/// base 32, lower case. The call log finds a row by its id alone, because the id says when the call began.
/// </summary>
public static class CallIds
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 26;
    private const int TimeLength = 10;

    public static CallId New(DateTimeOffset now, IRandomSource random)
    {
        Span<char> text = stackalloc char[Length];
        var time = now.ToUnixTimeMilliseconds();
        for (var i = TimeLength - 1; i >= 0; i--, time >>= 5) text[i] = Alphabet[(int)(time & 31)];
        Span<byte> bytes = stackalloc byte[Length - TimeLength];
        random.Fill(bytes);
        for (var i = 0; i < bytes.Length; i++) text[TimeLength + i] = Alphabet[bytes[i] & 31];
        return CallId.Parse(text.ToString());
    }

    /// <summary>False for ids that were made elsewhere in another form.</summary>
    public static bool TryReadTime(CallId id, out DateTimeOffset time)
    {
        time = default;
        var text = id.Value;
        // 48 bits in 50: the first character is at most 7.
        if (text.Length != Length || text[0] > '7') return false;
        long milliseconds = 0;
        foreach (var c in text.AsSpan(0, TimeLength))
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return false;
            milliseconds = (milliseconds << 5) | (uint)digit;
        }

        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        foreach (var c in text.AsSpan(TimeLength))
            if (!Alphabet.Contains(c, StringComparison.Ordinal)) return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
