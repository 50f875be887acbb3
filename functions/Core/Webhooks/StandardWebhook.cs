using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Webhooks;

/// <summary>
/// Signatures of the Standard Webhooks specification (version 1.0, symmetric scheme <c>v1</c>): HMAC-SHA256 over
/// <c>id.timestamp.body</c>, with the exact bytes of the body.
/// </summary>
public static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = "whsec_";

    /// <summary>How far the sender's clock may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int MaxIdLength = 256;
    private const int MaxSignatures = 16;
    private const string Scheme = "v1,";

    /// <summary>A secret is <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public static bool TryReadSecret(string? text, out byte[] key)
    {
        key = [];
        if (text is null || text.Length > 128 || !text.StartsWith(SecretPrefix, StringComparison.Ordinal)) return false;
        var bytes = new byte[96];
        if (!Convert.TryFromBase64Chars(text.AsSpan(SecretPrefix.Length), bytes, out var length) || length is < 24 or > 64) return false;
        key = bytes[..length];
        return true;
    }

    /// <returns>The value of the signature header: one signature for each key, so that a subscriber may change its secret at leisure.</returns>
    public static string Sign(IEnumerable<byte[]> keys, string id, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var content = Content(id, time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body);
        return string.Join(' ', keys.Select(key => Scheme + Convert.ToBase64String(HMACSHA256.HashData(key, content))));
    }

    /// <summary>Whether one of the signatures was made with one of the keys. Compares all with all, in constant time.</summary>
    public static bool Verifies(
        IReadOnlyList<byte[]> keys, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || id.Length > MaxIdLength || signatures is null || !IsRecent(timestamp, now)) return false;
        var content = Content(id, timestamp!, body);
        var presented = signatures.Split(' ', MaxSignatures + 1).Take(MaxSignatures).Select(Decode).ToList();
        var matches = false;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key, content, mac);
            foreach (var signature in presented) matches |= CryptographicOperations.FixedTimeEquals(mac, signature);
        }

        return matches;
    }

    private static bool IsRecent(string? timestamp, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Tolerance;

    private static byte[] Content(string id, string timestamp, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];

    private static byte[] Decode(string signature)
    {
        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        return signature.StartsWith(Scheme, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(signature.AsSpan(Scheme.Length), bytes, out var length) && length == bytes.Length ? bytes : [];
    }
}
