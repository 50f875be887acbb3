using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Hooks;

/// <summary>The body signature of Web Call Server: <c>Authorization: WCS</c> and the HMAC-MD5 of the body in hex (F8).</summary>
public static class HookSignature
{
    public const string Scheme = "WCS ";

    /// <summary>Whether the header was made with one of the keys. Compares with all, in constant time.</summary>
    public static bool VerifiesWcs(IReadOnlyList<byte[]> keys, string? authorization, ReadOnlySpan<byte> body)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var presented = new byte[HMACMD5.HashSizeInBytes];
        var hex = authorization.AsSpan(Scheme.Length).Trim();
        if (hex.Length != 2 * presented.Length || Convert.FromHexString(hex, presented, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        var matches = false;
        foreach (var key in keys) matches |= CryptographicOperations.FixedTimeEquals(Hash(key, body), presented);
        return matches;
    }

    public static string SignWcs(string key, ReadOnlySpan<byte> body) => Scheme + Convert.ToHexStringLower(Hash(Encoding.UTF8.GetBytes(key), body));

#pragma warning disable CA5351 // The other product's form; ours is HMAC-SHA256.
    private static byte[] Hash(byte[] key, ReadOnlySpan<byte> body) => HMACMD5.HashData(key, body);
#pragma warning restore CA5351
}
