using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Secrets;

/// <summary>
/// Seals secrets for storage: AES-256-GCM with a random 96-bit nonce, bound to the place they are stored at, so that a sealed
/// value copied to another row does not open. The first key seals; all of them open, each found by its id.
/// </summary>
public sealed class SecretBox(IReadOnlyList<SecretKey> keys, IRandomSource random)
{
    private volatile IReadOnlyList<SecretKey> _keys = keys;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Id of the key that seals.</summary>
    public string KeyId => _keys[0].Id;

    public bool Knows(string keyId) => _keys.Any(key => key.Id == keyId);

    /// <summary>Other keys from now on; what only earlier ones open stays shut.</summary>
    public void Replace(IReadOnlyList<SecretKey> keys) => _keys = keys;

    /// <param name="place">Where it will be stored, such as table, partition and row.</param>
    public SealedSecret Seal(string secret, string place) => Seal(_keys[0], secret, place);

    /// <summary>What one row holds: all with the same key, also where keys are replaced meanwhile.</summary>
    public IReadOnlyList<SealedSecret> Seal(IEnumerable<(string Secret, string Place)> secrets)
    {
        var key = _keys[0];
        return [.. secrets.Select(s => Seal(key, s.Secret, s.Place))];
    }

    private SealedSecret Seal(SecretKey key, string secret, string place)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var output = new byte[NonceLength + plain.Length + TagLength];
        random.Fill(output.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(key.Bytes, TagLength);
        cipher.Encrypt(
            output.AsSpan(0, NonceLength), plain, output.AsSpan(NonceLength, plain.Length), output.AsSpan(NonceLength + plain.Length),
            Encoding.UTF8.GetBytes(place));
        return new SealedSecret(key.Id, output);
    }

    /// <exception cref="CryptographicException">The key is not known, or the value was not sealed with it for this place.</exception>
    public string Open(SealedSecret secret, string place)
    {
        var key = _keys.FirstOrDefault(k => k.Id == secret.KeyId)
            ?? throw new CryptographicException("A stored secret names an encryption key that is not configured.");
        var length = secret.Bytes.Length - NonceLength - TagLength;
        if (length < 0) throw new CryptographicException("A stored secret is too short.");
        var plain = new byte[length];
        using var cipher = new AesGcm(key.Bytes, TagLength);
        cipher.Decrypt(
            secret.Bytes.AsSpan(0, NonceLength), secret.Bytes.AsSpan(NonceLength, length), secret.Bytes.AsSpan(NonceLength + length),
            plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }
}
