using System.Buffers;
using System.Security.Cryptography;

namespace ClickToDial.Media.Dtls;

/// <summary>
/// A hash over a certificate, as a=fingerprint carries it (RFC 8122 section 5): what ties the keys of a media stream to the signalling.
/// </summary>
public sealed class DtlsFingerprint
{
    private readonly byte[] _digest;

    private DtlsFingerprint(HashAlgorithmName algorithm, byte[] digest)
    {
        Algorithm = algorithm;
        _digest = digest;
    }

    public HashAlgorithmName Algorithm { get; }

    /// <summary>SHA-256 of a certificate: what we say of ours.</summary>
    public static DtlsFingerprint Of(ReadOnlySpan<byte> certificate) => new(HashAlgorithmName.SHA256, SHA256.HashData(certificate));

    /// <summary>Reads <c>sha-256 12:AB:...</c>; false for another hash, SHA-1 and MD5 among them, and for a digest of a wrong length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        var space = text.IndexOf(' ');
        if (space < 0 || AlgorithmOf(text[..space]) is not { } algorithm) return false;
        var octets = text[(space + 1)..].Trim(' ');
        var digest = new byte[algorithm.Length];
        if (octets.Length != (digest.Length * 3) - 1) return false;
        for (var i = 0; i < digest.Length; i++)
        {
            var one = octets.Slice(i * 3, 2);
            if (Convert.FromHexString(one, digest.AsSpan(i, 1), out _, out _) != OperationStatus.Done) return false;
            if (i < digest.Length - 1 && octets[(i * 3) + 2] != ':') return false;
        }
        fingerprint = new DtlsFingerprint(algorithm.Name, digest);
        return true;
    }

    /// <summary>True when the certificate, in DER, has this hash. In constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        return CryptographicOperations.TryHashData(Algorithm, certificate, digest, out var length)
            && CryptographicOperations.FixedTimeEquals(digest[..length], _digest);
    }

    /// <summary>The value of a=fingerprint.</summary>
    public override string ToString()
    {
        var name = Algorithm == HashAlgorithmName.SHA256 ? "sha-256" : Algorithm == HashAlgorithmName.SHA384 ? "sha-384" : "sha-512";
        return $"{name} {string.Join(':', _digest.Select(octet => octet.ToString("X2")))}";
    }

    private static (HashAlgorithmName Name, int Length)? AlgorithmOf(ReadOnlySpan<char> name) =>
        name.Equals("sha-256", StringComparison.OrdinalIgnoreCase) ? (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes)
        : name.Equals("sha-384", StringComparison.OrdinalIgnoreCase) ? (HashAlgorithmName.SHA384, SHA384.HashSizeInBytes)
        : name.Equals("sha-512", StringComparison.OrdinalIgnoreCase) ? (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes)
        : null;
}
