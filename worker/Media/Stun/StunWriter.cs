using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ClickToDial.Media.Stun;

/// <summary>Writes a STUN message into a buffer of the caller's, attribute by attribute; allocates nothing.</summary>
public ref struct StunWriter
{
    private const byte FamilyV4 = 1;
    private const byte FamilyV6 = 2;
    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">Must have room for all that is added; 256 octets are enough for every answer of ours.</param>
    public StunWriter(Span<byte> buffer, StunClass kind, int method, ReadOnlySpan<byte> transactionId)
    {
        _buffer = buffer;
        _length = StunMessage.HeaderLength;
        var type = (method & 0xF) | ((method & 0x70) << 1) | ((method & 0xF80) << 2) | (((int)kind & 1) << 4) | (((int)kind & 2) << 7);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transactionId.CopyTo(buffer[8..]);
        SetLength(_length);
    }

    /// <summary>What has been written.</summary>
    public readonly Span<byte> Written => _buffer[.._length];

    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Begin(type, value.Length));
        SetLength(_length);
    }

    public void Add(StunAttributeType type, uint value) => AddNumber(type, value);

    public void Add(StunAttributeType type, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Begin(type, sizeof(ulong)), value);
        SetLength(_length);
    }

    /// <summary>XOR-MAPPED-ADDRESS (RFC 8489 section 14.2).</summary>
    /// <param name="address">4 or 16 octets.</param>
    public void AddXorMappedAddress(scoped ReadOnlySpan<byte> address, int port)
    {
        var value = Begin(StunAttributeType.XorMappedAddress, 4 + address.Length);
        value[0] = 0;
        value[1] = address.Length == 4 ? FamilyV4 : FamilyV6;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(port ^ (int)(StunMessage.MagicCookie >> 16)));
        for (var i = 0; i < address.Length; i++) value[4 + i] = (byte)(address[i] ^ _buffer[4 + i]);
        SetLength(_length);
    }

    /// <summary>ERROR-CODE without a phrase (section 14.8).</summary>
    public void AddError(int code) => AddNumber(StunAttributeType.ErrorCode, (uint)(((code / 100) << 8) | (code % 100)));

    /// <summary>MESSAGE-INTEGRITY over all that stands before it.</summary>
    public void AddIntegrity(ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[StunMessage.IntegrityLength];
        Integrity(_buffer[.._length], key, mac);
        Add(StunAttributeType.MessageIntegrity, mac);
    }

    /// <summary>FINGERPRINT over all that stands before it; nothing may follow.</summary>
    public void AddFingerprint()
    {
        SetLength(_length + 4 + StunMessage.FingerprintLength); // It covers the length that includes itself.
        AddNumber(StunAttributeType.Fingerprint, Crc32.Of(_buffer[.._length]) ^ StunMessage.FingerprintMask);
    }

    /// <summary>HMAC-SHA1 over what stands before the attribute, as if the message ended with it (section 14.5). Changes the length field.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "ICE speaks no other (RFC 8445 section 7.1).")]
    internal static void Integrity(Span<byte> covered, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)(covered.Length - StunMessage.HeaderLength + 4 + StunMessage.IntegrityLength));
        HMACSHA1.HashData(key, covered, mac);
    }

    private void AddNumber(StunAttributeType type, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Begin(type, sizeof(uint)), value);
        SetLength(_length);
    }

    private Span<byte> Begin(StunAttributeType type, int length)
    {
        var padded = StunMessage.Padded(length);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_length + 2)..], (ushort)length);
        var value = _buffer.Slice(_length + 4, padded);
        value[length..].Clear();
        _length += 4 + padded;
        return value[..length];
    }

    private readonly void SetLength(int length) => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(length - StunMessage.HeaderLength));
}
