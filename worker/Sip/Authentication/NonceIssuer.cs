using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Sip.Authentication;

/// <summary>
/// Nonces that carry their own proof: time of issue, randomness, and an HMAC over both, the realm and the address they were
/// given to. Nothing is stored for a challenge, so challenges cost no memory.
/// </summary>
internal sealed class NonceIssuer(TimeProvider time, ReadOnlyMemory<byte> key)
{
    private const int TimeBytes = 8;
    private const int RandomBytes = 8;
    private const int MacBytes = 16;
    private const int TotalBytes = TimeBytes + RandomBytes + MacBytes;

    public string Issue(string realm, IPAddress? peer)
    {
        Span<byte> nonce = stackalloc byte[TotalBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, time.GetUtcNow().UtcTicks);
        RandomNumberGenerator.Fill(nonce.Slice(TimeBytes, RandomBytes));
        Sign(nonce[..(TimeBytes + RandomBytes)], realm, peer, nonce[(TimeBytes + RandomBytes)..]);
        return Convert.ToHexStringLower(nonce);
    }

    /// <summary>True for a nonce of ours for this realm and address, whatever its age; <paramref name="issued"/> is in UTC ticks.</summary>
    public bool TryRead(string nonce, string realm, IPAddress? peer, out long issued)
    {
        issued = 0;
        if (nonce.Length != TotalBytes * 2) return false;
        Span<byte> bytes = stackalloc byte[TotalBytes];
        if (Convert.FromHexString(nonce, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != TotalBytes) return false;
        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(bytes[..(TimeBytes + RandomBytes)], realm, peer, mac);
        issued = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[(TimeBytes + RandomBytes)..]);
    }

    private void Sign(ReadOnlySpan<byte> head, string realm, IPAddress? peer, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var name = Encoding.UTF8.GetBytes(peer is null ? realm : $"{realm}\n{peer}"); // No realm has a line break in it.
        var data = new byte[head.Length + name.Length];
        head.CopyTo(data);
        name.CopyTo(data, head.Length);
        HMACSHA256.HashData(key.Span, data, full);
        full[..MacBytes].CopyTo(mac);
    }
}
