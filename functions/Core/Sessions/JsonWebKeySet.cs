using System.Buffers;
using System.Text.Json;

namespace ClickToDial.Core.Sessions;

/// <summary>The public halves of the keys in force, as RFC 7517 wants them (EC members: RFC 7518 section 6.2.1).</summary>
public static class JsonWebKeySet
{
    public static byte[] Write(SigningKeyRing ring)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("keys"u8);
        foreach (var key in ring.Keys) WriteKey(writer, key);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteKey(Utf8JsonWriter writer, SigningKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("kty"u8, "EC"u8);
        writer.WriteString("crv"u8, "P-256"u8);
        writer.WriteString("use"u8, "sig"u8);
        writer.WriteString("alg"u8, "ES256"u8);
        writer.WriteString("kid"u8, key.Id);
        writer.WriteString("x"u8, key.X);
        writer.WriteString("y"u8, key.Y);
        writer.WriteEndObject();
    }
}
