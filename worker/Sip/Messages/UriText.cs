using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClickToDial.Sip.Messages;

/// <summary>Escaping and comparison of URIs (RFC 3261 sections 19.1.2 and 19.1.4).</summary>
internal static class UriText
{
    private static readonly SearchValues<byte> UserSafe =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/"u8);

    public static string EscapeUser(string user)
    {
        var bytes = Encoding.UTF8.GetBytes(user);
        if (bytes.AsSpan().IndexOfAnyExcept(UserSafe) < 0) return user;
        var text = new StringBuilder(bytes.Length + 8);
        foreach (var b in bytes)
        {
            if (UserSafe.Contains(b)) text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    /// <summary>Decodes %HH; a run that is not UTF-8 becomes replacement characters, as it has no text.</summary>
    public static string Unescape(string raw) => raw.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(raw) : raw;

    public static bool SameUri(SipUri a, SipUri b)
    {
        if (a.Scheme != b.Scheme || a.Port != b.Port) return false;
        if (!a.IsSip && !a.IsTel) return a.Host == b.Host;
        if (a.IsTel) return TelDigits(a.RawUser) == TelDigits(b.RawUser) && SameParameters(a, b);
        return a.User == b.User
            && string.Equals(Decoded(a.RawPassword), Decoded(b.RawPassword), StringComparison.Ordinal)
            && string.Equals(a.Host, b.Host, StringComparison.OrdinalIgnoreCase)
            && SameParameters(a, b)
            && SameHeaders(a.Headers, b.Headers);
    }

    // RFC 3966 section 4: visual separators do not count.
    public static string TelDigits(string? number)
    {
        if (number is null) return "";
        var digits = new StringBuilder(number.Length);
        foreach (var c in number)
            if (c is not ('-' or '.' or '(' or ')')) digits.Append(char.ToLowerInvariant(c));
        return digits.ToString();
    }

    private static string? Decoded(string? raw) => raw is null ? null : Unescape(raw);

    // A parameter in both must match; user, ttl, method, maddr and transport must be in both or in neither.
    private static bool SameParameters(SipUri a, SipUri b) => Covers(a, b) && Covers(b, a);

    private static bool Covers(SipUri a, SipUri b)
    {
        foreach (var parameter in a.Parameters)
        {
            if (b.Parameters.Has(parameter.Name))
            {
                var left = parameter.Value ?? "";
                var right = b.Parameters.Get(parameter.Name) ?? "";
                if (!string.Equals(Unescape(WireText.Unquote(left)), Unescape(right), StringComparison.OrdinalIgnoreCase)) return false;
            }
            else if (a.IsTel || MustBeInBoth(parameter.Name))
            {
                return false;
            }
        }
        return true;
    }

    private static bool MustBeInBoth(string name) =>
        name.Equals("user", StringComparison.OrdinalIgnoreCase) || name.Equals("ttl", StringComparison.OrdinalIgnoreCase)
        || name.Equals("method", StringComparison.OrdinalIgnoreCase) || name.Equals("maddr", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transport", StringComparison.OrdinalIgnoreCase);

    private static bool SameHeaders(string? a, string? b)
    {
        if (a is null || b is null) return a is null && b is null;
        var left = a.Split('&');
        var right = b.Split('&');
        Array.Sort(left, StringComparer.OrdinalIgnoreCase);
        Array.Sort(right, StringComparer.OrdinalIgnoreCase);
        return left.AsSpan().SequenceEqual(right, StringComparer.OrdinalIgnoreCase);
    }
}
