using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Sessions;

/// <summary>
/// An EC key on P-256. Its id is the RFC 7638 thumbprint, so the same key has the same id wherever it is loaded.
/// Holds parameters and makes a platform key per operation, because a platform key is not promised to be thread-safe.
/// </summary>
public sealed class SigningKey
{
    private readonly ECParameters _parameters;

    private SigningKey(ECParameters parameters)
    {
        _parameters = parameters;
        X = Base64Url.EncodeToString(parameters.Q.X);
        Y = Base64Url.EncodeToString(parameters.Q.Y);
        Id = Base64Url.EncodeToString(SHA256.HashData(
            Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));
    }

    public string Id { get; }

    public string X { get; }

    public string Y { get; }

    public bool CanSign => _parameters.D is not null;

    /// <param name="pem">PKCS#8 or SEC 1 private key, or a public key, on P-256.</param>
    /// <exception cref="CryptographicException">The text is no such key.</exception>
    public static SigningKey FromPem(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("Not a PEM key.", e);
        }

        return FromKey(key);
    }

    public static SigningKey FromParameters(ECParameters parameters) => new(parameters);

    public static SigningKey Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return FromKey(key);
    }

    /// <summary>PKCS#8, for the key file of local use.</summary>
    public string ToPem()
    {
        using var key = ECDsa.Create(_parameters);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>R and S side by side, 64 bytes (RFC 7518 section 3.4).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = ECDsa.Create(_parameters);
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create(_parameters);
        return signature.Length == 64
            && key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static SigningKey FromKey(ECDsa key)
    {
        if (key.KeySize != 256) throw new CryptographicException("The key is not on P-256.");
        ECParameters parameters;
        try
        {
            parameters = key.ExportParameters(includePrivateParameters: true);
        }
        catch (CryptographicException)
        {
            // A public key: it verifies only.
            parameters = key.ExportParameters(includePrivateParameters: false);
        }

        if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new CryptographicException("The key is not on P-256.");
        return new SigningKey(parameters);
    }
}
