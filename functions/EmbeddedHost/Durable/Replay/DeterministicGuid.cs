using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>Ids that depend on nothing but the execution and how many were made in it.</summary>
internal static class DeterministicGuid
{
    /// <summary>Version 8 of RFC 9562 (section 5.8): our own bits, here of SHA-256.</summary>
    public static Guid Create(string executionId, int number)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{executionId}/{number}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
