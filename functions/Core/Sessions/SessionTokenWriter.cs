using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ClickToDial.Core.Sessions;

/// <summary>Writes session tokens: JWS compact serialisation (RFC 7515 section 7.1) of a JWT (RFC 7519), ES256 only.</summary>
public static class SessionTokenWriter
{
    public static string Write(SessionClaims claims, SigningKey key)
    {
        var header = Json(w =>
        {
            w.WriteString("alg"u8, "ES256"u8);
            w.WriteString("typ"u8, "JWT"u8);
            w.WriteString("kid"u8, key.Id);
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(Json(w => WriteClaims(w, claims)))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static void WriteClaims(Utf8JsonWriter writer, SessionClaims claims)
    {
        writer.WriteString("iss"u8, claims.Issuer);
        writer.WriteString("aud"u8, claims.Audience);
        writer.WriteString("jti"u8, claims.TokenId);
        writer.WriteString("sub"u8, claims.User);
        writer.WriteString("domain"u8, claims.Domain);
        writer.WriteNumber("calls"u8, claims.Calls);
        writer.WriteNumber("iat"u8, claims.IssuedAt.ToUnixTimeSeconds());
        writer.WriteNumber("nbf"u8, claims.NotBefore.ToUnixTimeSeconds());
        writer.WriteNumber("exp"u8, claims.Expires.ToUnixTimeSeconds());
        if (claims.Origin is not null) writer.WriteString("origin"u8, claims.Origin);
        if (claims.Login) writer.WriteBoolean("login"u8, true);
        if (claims.Destinations is null) return;
        writer.WriteStartArray("destinations"u8);
        foreach (var destination in claims.Destinations) writer.WriteStringValue(destination);
        writer.WriteEndArray();
    }

    private static ReadOnlySpan<byte> Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
