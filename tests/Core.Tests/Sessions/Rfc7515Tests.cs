using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Core.Sessions;

namespace ClickToDial.Core.Tests.Sessions;

/// <summary>The ES256 example of RFC 7515 appendix A.3.</summary>
public sealed class Rfc7515Tests
{
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string D = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

    private const string SigningInput =
        "eyJhbGciOiJFUzI1NiJ9."
        + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string Signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    [Fact(DisplayName = "RFC 7515 A.3.1: the example's signature verifies")]
    public void ExampleSignature_Verifies() =>
        Assert.True(Key().Verify(Encoding.ASCII.GetBytes(SigningInput), Base64Url.DecodeFromChars(Signature)));

    [Fact(DisplayName = "RFC 7515 A.3.1: a changed signing input does not verify")]
    public void ChangedInput_DoesNotVerify() =>
        Assert.False(Key().Verify(Encoding.ASCII.GetBytes(SigningInput + "A"), Base64Url.DecodeFromChars(Signature)));

    [Fact(DisplayName = "RFC 7515 A.3.1: our own signature with the example's key is 64 bytes and verifies")]
    public void OwnSignature_Verifies()
    {
        var signature = Key().Sign(Encoding.ASCII.GetBytes(SigningInput));

        Assert.Equal(64, signature.Length);
        Assert.True(Key().Verify(Encoding.ASCII.GetBytes(SigningInput), signature));
    }

    [Fact(DisplayName = "RFC 7517 4, RFC 7518 6.2.1: the key set holds the public members only")]
    public void KeySet_ShowsThePublicHalf()
    {
        var json = Encoding.UTF8.GetString(JsonWebKeySet.Write(new SigningKeyRing([Key()])));

        Assert.Contains($"\"x\":\"{X}\"", json);
        Assert.Contains($"\"y\":\"{Y}\"", json);
        Assert.DoesNotContain("\"d\"", json);
        Assert.DoesNotContain(D, json);
    }

    [Fact]
    public void PemRoundTrip_KeepsTheKeyAndItsId() => Assert.Equal(Key().Id, SigningKey.FromPem(Key().ToPem()).Id);

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void NoKey_IsRefused(string pem) => Assert.ThrowsAny<CryptographicException>(() => SigningKey.FromPem(pem));

    [Fact]
    public void OtherCurve_IsRefused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.ThrowsAny<CryptographicException>(() => SigningKey.FromPem(p384.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void PublicKey_VerifiesButCannotLead()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var half = SigningKey.FromPem(key.ExportSubjectPublicKeyInfoPem());

        Assert.False(half.CanSign);
        Assert.Throws<ArgumentException>(() => new SigningKeyRing([half]));
    }

    private static SigningKey Key() => SigningKey.FromParameters(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        D = Base64Url.DecodeFromChars(D),
    });
}
