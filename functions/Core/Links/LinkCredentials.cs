using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Links;

/// <summary>What stands in the <c>auth</c> of a dial link.</summary>
public static class LinkCredentials
{
    private const int Md5Hex = 32;

    /// <summary>How long an old link without a duration is good.</summary>
    private static readonly TimeSpan OldDuration = TimeSpan.FromHours(2);

    /// <summary>How far ahead the clock of whoever made the link may be.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    public static LinkForm FormOf(LinkQuery query)
    {
        if (query.Auth is null) return LinkForm.Challenge;
        return query.IsExtension || (query.Time is not null && IsHash(query.Auth)) ? LinkForm.Hash : LinkForm.Password;
    }

    /// <summary>Account and password, from base64 or as they are.</summary>
    public static (string Account, string Password)? ReadPassword(string auth)
    {
        var text = auth.Contains(':', StringComparison.Ordinal) ? auth : FromBase64(auth);
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 1 ? null : (text![..colon], text[(colon + 1)..]);
    }

    /// <summary>User, password, destination, time and duration, glued together without a separator, as they stand in the link.</summary>
    public static bool HashFits(LinkQuery query, string password)
    {
        if (query.Auth is not { } auth || !IsHash(auth)) return false;
#pragma warning disable CA5351 // The form of links that others make; ours are signed with HMAC-SHA256.
        var hash = MD5.HashData(Encoding.UTF8.GetBytes(query.User + password + query.Destination + query.Time + query.Duration));
#pragma warning restore CA5351
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(auth));
    }

    /// <summary>Until when the hash of a link is good; null when it says no times that make sense, or is not good yet.</summary>
    public static DateTimeOffset? ExpiryOf(LinkQuery query, DateTimeOffset now, TimeSpan longest)
    {
        if (!TryNumber(query.Time, out var from) || from > now.ToUnixTimeSeconds() + (long)Skew.TotalSeconds) return null;
        var seconds = (long)OldDuration.TotalSeconds;
        if (query.Duration is not null && !TryNumber(query.Duration, out seconds)) return null;
        return DateTimeOffset.FromUnixTimeSeconds(from) + TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds));
    }

    /// <summary>Compares in constant time, whatever their lengths.</summary>
    public static bool Same(string presented, string password) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(presented)), SHA256.HashData(Encoding.UTF8.GetBytes(password)));

    private static bool IsHash(string auth) => auth.Length == Md5Hex && auth.All(char.IsAsciiHexDigit);

    /// <summary>Without leading zeros: nothing parts the fields under the hash, so a zero could be the destination's last digit.</summary>
    private static bool TryNumber(string? text, out long number) =>
        text is not ['0', _, ..] & long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 0 and <= 253_402_300_799 - 86_400;

    private static string? FromBase64(string auth)
    {
        var bytes = new byte[512];
        // Some write it with the alphabet of URLs, some leave the padding out.
        var text = auth.Replace('-', '+').Replace('_', '/');
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
