using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickToDial.TestKit.Browser;

/// <summary>Makes session tokens as the functions do, and the key set that verifies them; also wrong ones, for tests.</summary>
public sealed class SessionMint : IDisposable
{
    public const string Issuer = "https://issuer.test";
    public const string Audience = "click-to-dial";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; init; } = "test-key";

    /// <summary>The public half as RFC 7517 wants it.</summary>
    public string KeySet
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["alg"] = "ES256",
                    ["kid"] = KeyId,
                    ["x"] = Base64Url.EncodeToString(point.X),
                    ["y"] = Base64Url.EncodeToString(point.Y),
                }),
            }.ToJsonString();
        }
    }

    /// <summary>A token that is good for five minutes and one call, unless it is changed.</summary>
    /// <param name="change">Works on the claims before they are signed.</param>
    /// <param name="changeHeader">Works on the header before it is signed.</param>
    public string Token(string domain, string user, DateTimeOffset now, Action<JsonObject>? change = null, Action<JsonObject>? changeHeader = null)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = KeyId };
        changeHeader?.Invoke(header);
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["sub"] = user,
            ["domain"] = domain,
            ["calls"] = 1,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
