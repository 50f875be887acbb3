using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>Where a Refer-To points (RFC 3515 section 2.1).</summary>
/// <param name="Uri">Without its headers.</param>
/// <param name="Replaces">The dialog the new call is to replace, for an attended transfer (RFC 3891 section 5).</param>
public sealed record ReferTarget(SipUri Uri, Replaces? Replaces = null)
{
    /// <summary>
    /// Reads a Refer-To value. False when it is malformed, when it asks for another method than INVITE, or when its Replaces is
    /// malformed; other headers in it are left out, as nobody may write into our requests.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ReferTarget? target)
    {
        target = null;
        if (!NameAddressParser.TryParse(Grammar.Trim(text), out var address)) return false;
        var uri = address.Uri;
        if (!uri.IsSip && !uri.IsTel) return false;
        if (uri.Parameters.Has("method") && uri.Parameters.Get("method") != SipMethod.Invite.Name) return false;
        Replaces? replaces = null;
        if (HeaderIn(uri.Headers, "Replaces") is { } value && !Replaces.TryParse(value, out replaces)) return false;
        target = new ReferTarget(uri.ForRequestLine(), replaces);
        return true;
    }

    public static bool TryParse(string text, out ReferTarget? target)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(Encoding.UTF8.GetBytes(text), out target);
    }

    // RFC 3261 section 19.1.1: header *( "&" header ), each hname "=" hvalue, percent-escaped.
    private static string? HeaderIn(string? headers, string name)
    {
        foreach (var header in (headers ?? "").Split('&'))
        {
            var equals = header.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !UriText.Unescape(header[..equals]).Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            return UriText.Unescape(header[(equals + 1)..]);
        }
        return null;
    }
}
