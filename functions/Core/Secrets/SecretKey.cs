using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Secrets;

/// <summary>An encryption key as it is configured: <c>id:key</c>, the key being 256 bits in hex or base64.</summary>
public sealed class SecretKey
{
    private SecretKey(string id, byte[] bytes) => (Id, Bytes) = (id, bytes);

    public string Id { get; }

    internal byte[] Bytes { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        var split = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (split is < 1 or > 32) return false;
        if (Decode(text.AsSpan(split + 1)) is not { } bytes) return false;
        key = new SecretKey(text![..split], bytes);
        return true;
    }

    /// <summary>A key for another purpose, from which this one cannot be found (RFC 5869).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Whether it opens what the other one seals.</summary>
    public bool IsSame(SecretKey other) => Id == other.Id && CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[32];
        if (text.Length == 64)
            return Convert.FromHexString(text, bytes, out _, out var fromHex) == OperationStatus.Done && fromHex == 32 ? bytes : null;
        return text.Length == 44 && Convert.TryFromBase64Chars(text, bytes, out var written) && written == 32 ? bytes : null;
    }

    public override string ToString() => $"{Id}:***";
}
