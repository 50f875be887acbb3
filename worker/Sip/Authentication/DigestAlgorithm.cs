using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Sip.Authentication;

/// <summary>The hash functions of SIP digest (RFC 8760 section 2.1) that this stack speaks.</summary>
public enum DigestAlgorithm
{
    Md5,
    Sha256,
}

/// <summary>The arithmetic of RFC 7616 section 3.4. All hashes are lower-case hexadecimal texts, as the RFC feeds them on.</summary>
public static class DigestHash
{
    /// <summary>The value of the <c>algorithm</c> parameter.</summary>
    public static string Name(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Md5 ? "MD5" : "SHA-256";

    /// <summary>Reads an <c>algorithm</c> parameter; null means MD5 (RFC 3261 section 22.4). The -sess variants set the flag.</summary>
    public static bool TryParse(string? name, out DigestAlgorithm algorithm, out bool session)
    {
        session = name is not null && name.EndsWith("-sess", StringComparison.OrdinalIgnoreCase);
        var plain = session ? name![..^5] : name;
        algorithm = string.Equals(plain, "SHA-256", StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Sha256 : DigestAlgorithm.Md5;
        return plain is null || algorithm == DigestAlgorithm.Sha256 || string.Equals(plain, "MD5", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>H(user:realm:password): as good as the password towards that realm.</summary>
    public static string Ha1(DigestAlgorithm algorithm, string user, string realm, string password) =>
        Hash(algorithm, $"{user}:{realm}:{password}");

    /// <summary>The HA1 of the -sess variants, bound to one nonce and cnonce.</summary>
    public static string SessionHa1(DigestAlgorithm algorithm, string ha1, string nonce, string cnonce) =>
        Hash(algorithm, $"{ha1}:{nonce}:{cnonce}");

    /// <summary>The request digest. Without <paramref name="qop"/> the form of RFC 2069 is used, as RFC 3261 section 22.4 keeps it.</summary>
    public static string Response(DigestAlgorithm algorithm, string ha1, string method, string uri, in DigestInput input)
    {
        var ha2 = Hash(algorithm, input.Qop == "auth-int" ? $"{method}:{uri}:{input.BodyHash}" : $"{method}:{uri}");
        return Hash(algorithm, input.Qop is null
            ? $"{ha1}:{input.Nonce}:{ha2}"
            : $"{ha1}:{input.Nonce}:{input.NonceCount}:{input.Cnonce}:{input.Qop}:{ha2}");
    }

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "Most phones still speak nothing but MD5 digest (RFC 3261 section 22); SHA-256 is offered first.")]
    public static string Hash(DigestAlgorithm algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> hash = stackalloc byte[32];
        var length = algorithm == DigestAlgorithm.Md5 ? MD5.HashData(bytes, hash) : SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..length]);
    }
}

/// <summary>The parts of a digest that come from challenge and client.</summary>
public readonly record struct DigestInput(string Nonce, string? Qop, string? NonceCount, string? Cnonce, string? BodyHash = null);
