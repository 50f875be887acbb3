using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Access;

/// <summary>
/// A presented API key, <c>ctd_&lt;id&gt;_&lt;secret&gt;</c>: the id (1 to 32 of a-z 0-9) finds the record, the secret
/// (16 to 128 of A-Z a-z 0-9) proves it. Only the SHA-256 of the secret is stored; the secret is random, so a slow hash adds nothing.
/// </summary>
public sealed class ApiKey
{
    public const string Prefix = "ctd_";

    private readonly string _secret;

    private ApiKey(string id, string secret) => (Id, _secret) = (id, secret);

    public string Id { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var rest = text.AsSpan(Prefix.Length);
        var split = rest.IndexOf('_');
        if (split < 0 || !IsId(rest[..split]) || !IsSecret(rest[(split + 1)..])) return false;
        key = new ApiKey(rest[..split].ToString(), rest[(split + 1)..].ToString());
        return true;
    }

    public static bool IsId(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 32 && !text.ContainsAnyExcept(Alphabet.Id);

    public static bool IsSecret(ReadOnlySpan<char> text) =>
        text.Length is >= 16 and <= 128 && !text.ContainsAnyExcept(Alphabet.Secret);

    /// <summary>Lower-case hex of the SHA-256 of a secret, as it is stored.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    /// <summary>As it is stored, see <see cref="HashOf"/>.</summary>
    public string Hash() => HashOf(_secret);

    /// <summary>In constant time.</summary>
    public bool Proves(string storedHash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(_secret)), Encoding.ASCII.GetBytes(storedHash));

    public override string ToString() => $"{Prefix}{Id}_***";
}
