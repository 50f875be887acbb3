using System.Globalization;
using System.Text;

namespace ClickToDial.Media.Sdp;

/// <summary>Writes in the order RFC 8866 section 5 prescribes. Values lose CR, LF and NUL here, so that no value can add a line.</summary>
internal static class SdpWriter
{
    public static byte[] Write(SessionDescription description)
    {
        var text = new StringBuilder(512);
        var origin = description.Origin;
        Line(text, 'v', "0");
        Line(text, 'o', string.Create(
            CultureInfo.InvariantCulture,
            $"{origin.UserName} {origin.SessionId} {origin.SessionVersion} IN {origin.AddressType} {origin.Address}"));
        Line(text, 's', description.SessionName);
        Connection(text, description.Connection);
        Line(text, 't', "0 0");
        Attributes(text, description.Attributes);
        foreach (var media in description.Media)
        {
            Line(text, 'm', string.Create(
                CultureInfo.InvariantCulture, $"{media.Kind} {media.Port} {media.Protocol} {string.Join(' ', media.Formats)}"));
            Connection(text, media.Connection);
            Attributes(text, media.Attributes);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Connection(StringBuilder text, SdpConnection? connection)
    {
        if (connection is not null) Line(text, 'c', $"IN {connection.AddressType} {connection.Address}");
    }

    private static void Attributes(StringBuilder text, IReadOnlyList<SdpAttributeLine> attributes)
    {
        foreach (var attribute in attributes)
            Line(text, 'a', attribute.Value is null ? attribute.Name : $"{attribute.Name}:{attribute.Value}");
    }

    private static void Line(StringBuilder text, char letter, string value)
    {
        text.Append(letter).Append('=');
        foreach (var c in value)
        {
            if (c is not ('\r' or '\n' or '\0')) text.Append(c);
        }
        text.Append("\r\n");
    }
}
