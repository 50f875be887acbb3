using System.Buffers.Binary;
using System.Security.Cryptography;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Tests.Srtp;

/// <summary>
/// SRTP as RFC 3711 and RFC 7714 write it down, made from the BCL's AES, HMAC and AES-GCM: the independent side that
/// libsrtp's packets are compared with. It is itself checked by the vectors of both RFCs.
/// </summary>
internal sealed class ReferenceSrtp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt)
{
    /// <summary>AES-CM of RFC 3711 section 4.1.1: key stream from a 16-octet block whose last two count.</summary>
    public static byte[] KeyStream(byte[] key, byte[] firstBlock, int length)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var counter = new UInt128(BinaryPrimitives.ReadUInt64BigEndian(firstBlock), BinaryPrimitives.ReadUInt64BigEndian(firstBlock.AsSpan(8)));
        var stream = new byte[(length + 15) / 16 * 16];
        Span<byte> block = stackalloc byte[16];
        for (var at = 0; at < stream.Length; at += 16, counter++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(block, counter);
            aes.EncryptEcb(block, stream.AsSpan(at, 16), PaddingMode.None);
        }
        return stream[..length];
    }

    /// <summary>Key derivation of RFC 3711 section 4.3.1 with a derivation rate of 0.</summary>
    public static byte[] Derive(byte[] masterKey, byte[] masterSalt, byte label, int length)
    {
        var block = new byte[16];
        masterSalt.CopyTo(block, 0); // RFC 7714 section 11: the 96-bit salt is followed by 16 zero bits
        block[7] ^= label;
        return KeyStream(masterKey, block, length);
    }

    /// <summary>RFC 7714 section 8.1 for RTP: 00 00, SSRC, ROC, SEQ, xor the salt. The tag follows the cipher text.</summary>
    public static byte[] SealGcm(byte[] key, byte[] salt, byte[] header, byte[] payload, uint ssrc, uint roc, ushort sequence)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(2), ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(6), roc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce.AsSpan(10), sequence);
        return Seal(key, salt, nonce, header, payload);
    }

    /// <summary>RFC 7714 section 9.1 for RTCP: 00 00, SSRC, 00 00, index, xor the salt; the index word is authenticated too.</summary>
    public static byte[] SealGcmRtcp(byte[] key, byte[] salt, byte[] datagram, uint index)
    {
        var nonce = new byte[12];
        datagram.AsSpan(4, 4).CopyTo(nonce.AsSpan(2));
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(8), index);
        var word = Word(index | 0x8000_0000);
        return [.. datagram[..8], .. Seal(key, salt, nonce, [.. datagram[..8], .. word], datagram[8..]), .. word];
    }

    public byte[] ProtectRtp(byte[] packet, int headerLength, uint roc)
    {
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));
        var key = Derive(masterKey, masterSalt, 0, 16);
        var salt = Derive(masterKey, masterSalt, 2, profile.SaltLength);
        if (profile.IsAead)
            return [.. packet[..headerLength], .. SealGcm(key, salt, packet[..headerLength], packet[headerLength..], ssrc, roc, sequence)];
        var block = CounterBlock(salt, ssrc, ((ulong)roc << 16) | sequence);
        byte[] encrypted = [.. packet[..headerLength], .. Xor(packet[headerLength..], KeyStream(key, block, packet.Length - headerLength))];
        var tag = Hmac(Derive(masterKey, masterSalt, 1, 20), [.. encrypted, .. Word(roc)]);
        return [.. encrypted, .. tag[..profile.RtpTagLength]];
    }

    public byte[] ProtectRtcp(byte[] datagram, uint index)
    {
        var key = Derive(masterKey, masterSalt, 3, 16);
        var salt = Derive(masterKey, masterSalt, 5, profile.SaltLength);
        if (profile.IsAead) return SealGcmRtcp(key, salt, datagram, index);
        var block = CounterBlock(salt, BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(4)), index);
        byte[] encrypted = [.. datagram[..8], .. Xor(datagram[8..], KeyStream(key, block, datagram.Length - 8)), .. Word(index | 0x8000_0000)];
        return [.. encrypted, .. Hmac(Derive(masterKey, masterSalt, 4, 20), encrypted)[..profile.RtcpTagLength]];
    }

    // RFC 3711 section 4.1.1: salt * 2^16 xor SSRC * 2^64 xor index * 2^16.
    private static byte[] CounterBlock(byte[] salt, uint ssrc, ulong index)
    {
        var block = new byte[16];
        salt.CopyTo(block, 0);
        BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(4)) ^ ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(block.AsSpan(8), BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(8)) ^ (index << 16));
        return block;
    }

    private static byte[] Seal(byte[] key, byte[] salt, byte[] nonce, byte[] associated, byte[] payload)
    {
        using var gcm = new AesGcm(key, 16);
        var result = new byte[payload.Length + 16];
        gcm.Encrypt(Xor(nonce, salt), payload, result.AsSpan(0, payload.Length), result.AsSpan(payload.Length), associated);
        return result;
    }

    // SRTP's authentication is HMAC-SHA1 (RFC 3711 section 4.2.1).
#pragma warning disable CA5350
    private static byte[] Hmac(byte[] key, byte[] content) => HMACSHA1.HashData(key, content);
#pragma warning restore CA5350

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Zip(right, (a, b) => (byte)(a ^ b))];

    private static byte[] Word(uint value)
    {
        var word = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, value);
        return word;
    }
}
