using System.Text;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Links;

/// <summary>
/// The query of a dial link as old clients write it (V1 to V4). A stray semicolon or <c>amp;</c> before a name is passed over, as is every
/// parameter that is not known; "+" is itself, since numbers and base64 are often not encoded.
/// </summary>
/// <param name="User">With or without <c>@domain</c>, as it was given.</param>
/// <param name="Destination">As it was given; hashes are made of that.</param>
/// <param name="Auth">Null for a link that wants to be asked for credentials.</param>
/// <param name="IsExtension">The older clients' word for a hash.</param>
/// <param name="Connect">The user is not asked to press 1.</param>
public sealed record LinkQuery(
    string User, string Destination, string? Time, string? Duration, string? Auth, bool IsExtension, bool Connect)
{
    /// <summary>Of the whole query, in characters.</summary>
    public const int MaxLength = 2048;
    private const int MaxValue = 512;
    private const int MaxParameters = 32;

    /// <param name="query">As it stands in the URL, with or without the question mark.</param>
    /// <returns>Null when it is no dial link.</returns>
    public static LinkQuery? TryParse(string? query)
    {
        if (query is null || query.Length > MaxLength) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = query.TrimStart('?').Split('&');
        if (parts.Length > MaxParameters) return null;
        foreach (var part in parts)
        {
            var (name, value) = Split(part);
            if (name.Length == 0) continue;
            if (!TryDecode(value, out var decoded)) return null;
            // Said twice, and not the same: nobody knows what is meant.
            if (!values.TryAdd(name, decoded) && values[name] != decoded) return null;
        }

        var (user, destination) = (values.GetValueOrDefault("user", ""), values.GetValueOrDefault("dest", ""));
        if (user.Length is 0 or > DestinationName.MaxUserLength + 1 + DestinationName.MaxDomainLength || destination.Length is 0 or > NumberText.MaxLength) return null;
        var auth = values.GetValueOrDefault("auth", "");
        return new LinkQuery(
            user, destination, values.GetValueOrDefault("time"), values.GetValueOrDefault("duration"), auth.Length > 0 ? auth : null,
            IsTrue("extension"), IsTrue("connect"));

        bool IsTrue(string name) => values.GetValueOrDefault(name, "").ToLowerInvariant() is "true" or "1";
    }

    /// <summary>User and domain; the domain is null where none is named.</summary>
    public (string Name, string? Domain) Account => SplitAccount(User);

    public static (string Name, string? Domain) SplitAccount(string text) =>
        text.Split('@') is [var name, var domain] ? (name, domain.ToLowerInvariant()) : (text, null);

    private static (string Name, string Value) Split(string part)
    {
        part = part.TrimStart(';');
        if (part.StartsWith("amp;", StringComparison.Ordinal)) part = part[4..].TrimStart(';');
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
    }

    /// <summary>Percent-encoding of UTF-8 (RFC 3986 section 2.1); a percent sign that encodes nothing is no link of ours.</summary>
    private static bool TryDecode(string text, out string decoded)
    {
        decoded = text;
        if (text.Length > MaxValue) return false;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                if (text[i] is < ' ' or > '~') return false;
                bytes.Add((byte)text[i]);
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return false;
            }
        }

        try
        {
            decoded = Strict.GetString([.. bytes]);
            return !decoded.Any(char.IsControl);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
