using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Secrets;

namespace ClickToDial.Core.Links;

/// <summary>
/// Writes and reads tickets: the fields in base64url, a point, and their HMAC-SHA256 (B2). The first key signs, all of them verify.
/// </summary>
public sealed class LinkTicketWriter(IEnumerable<SecretKey> keys)
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 1024;
    private const string Version = "1";
    private const char Separator = '\n';
    private const int MacLength = 43; // 32 bytes in base64url

    private volatile byte[][] _keys = Derive(keys);

    /// <summary>Other keys from now on; tickets of earlier ones are not ours any more.</summary>
    public void Replace(IEnumerable<SecretKey> keys) => _keys = Derive(keys);

    public string Write(LinkTicket ticket)
    {
        // No field holds a control character, so the separator cannot be forged.
        var fields = string.Join(
            Separator, Version, ticket.Domain, ticket.User, ticket.Destination, ticket.Connect ? "1" : "0",
            ticket.Expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ticket.Nonce);
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(fields));
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_keys[0], Encoding.ASCII.GetBytes(text)))}";
    }

    /// <returns>Null for what nobody here has signed; an expired ticket is given.</returns>
    public LinkTicket? TryRead(string? text)
    {
        if (text is null || text.Length > MaxLength || text.Split('.') is not [var fields, { Length: MacLength } mac]) return null;
        if (StrictBase64Url.Decode(mac) is not { } presented || !IsSigned(fields, presented) || StrictBase64Url.Decode(fields) is not { } bytes) return null;
        if (Encoding.UTF8.GetString(bytes).Split(Separator) is not [Version, var domain, var user, var destination, var connect, var expires, var nonce]) return null;
        return new LinkTicket(
            domain, user, destination, connect == "1", DateTimeOffset.FromUnixTimeSeconds(long.Parse(expires, CultureInfo.InvariantCulture)), nonce);
    }

    private static byte[][] Derive(IEnumerable<SecretKey> keys) => [.. keys.Select(key => key.Derive("dial link"))];

    private bool IsSigned(string fields, byte[] presented)
    {
        var content = Encoding.ASCII.GetBytes(fields);
        var matches = false;
        foreach (var key in _keys) matches |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, content), presented);
        return matches;
    }

    /// <summary>Whether a text may stand in a ticket as its destination.</summary>
    public static bool IsDestination(string text) => text.Length is > 0 and <= NumberText.MaxLength && !text.Any(char.IsControl);
}
