using System.Globalization;
using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>A status line alone, as bodies of NOTIFY tell how a referred call goes (RFC 3420, RFC 3515 section 2.4.5).</summary>
public static class SipFragment
{
    public const string ContentType = "message/sipfrag;version=2.0";

    public static byte[] Write(int status) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {SipStatus.Reason(status)}\r\n"));

    /// <summary>The status that the fragment begins with; false when it begins with no status line.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> body, out int status)
    {
        status = 0;
        if (!body.StartsWith("SIP/2.0 "u8) || body.Length < 11) return false;
        if (!Grammar.TryNumber(body.Slice(8, 3), 699, out var number) || number < 100) return false;
        if (body.Length > 11 && body[11] is not ((byte)' ' or (byte)'\r' or (byte)'\n')) return false;
        status = (int)number;
        return true;
    }
}
