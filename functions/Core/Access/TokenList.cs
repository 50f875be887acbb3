using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Access;

/// <summary>
/// Shared tokens of which any is accepted (the current and the previous one while they are changed), kept as SHA-256 only.
/// A configured value is <c>sha256:</c> with 64 hex digits, or the token itself for local use.
/// </summary>
public sealed class TokenList
{
    public const string HashPrefix = "sha256:";

    /// <summary>Shortest token that is accepted in plain form, in characters.</summary>
    public const int MinimumLength = 16;

    // What App Service hands on where it cannot resolve a reference: names that anybody may know, and no secret.
    private const string Unresolved = "@Microsoft.KeyVault(";

    private readonly byte[][] _hashes;

    /// <exception cref="FormatException">A value has neither form.</exception>
    public TokenList(IEnumerable<string> configured) => _hashes = [.. configured.Select(HashOf)];

    public static bool IsValid(string? configured) =>
        configured is not null
        && (configured.StartsWith(HashPrefix, StringComparison.Ordinal)
            ? configured.Length == HashPrefix.Length + 64 && configured.AsSpan(HashPrefix.Length).IndexOfAnyExcept(HexDigits) < 0
            : configured.Length >= MinimumLength && !configured.StartsWith(Unresolved, StringComparison.OrdinalIgnoreCase));

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Compares with every token in constant time.</summary>
    public bool Accepts(string? presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented ?? ""), hash);
        var accepted = false;
        foreach (var known in _hashes) accepted |= CryptographicOperations.FixedTimeEquals(hash, known);
        return accepted && presented is not null;
    }

    private static byte[] HashOf(string configured)
    {
        if (!IsValid(configured)) throw new FormatException("A token is sha256: with 64 hex digits, or at least 16 characters.");
        return configured.StartsWith(HashPrefix, StringComparison.Ordinal)
            ? Convert.FromHexString(configured.AsSpan(HashPrefix.Length))
            : SHA256.HashData(Encoding.UTF8.GetBytes(configured));
    }
}
