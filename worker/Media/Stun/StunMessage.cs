using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClickToDial.Media.Stun;

/// <summary>RFC 8489 section 5: the two bits of the class.</summary>
public enum StunClass
{
    Request,
    Indication,
    Success,
    Error,
}

/// <summary>Attribute types that we read or write (RFC 8489 section 18.3, RFC 8445 section 20.1).</summary>
public enum StunAttributeType
{
    MappedAddress = 0x0001,
    UserName = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    Software = 0x8022,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,
}

/// <summary>
/// A STUN message (RFC 8489 section 5) over the octets it came in; nothing is copied. Reading it checks its form alone: whoever acts
/// on it asks <see cref="HasIntegrity"/> first.
/// </summary>
public readonly ref struct StunMessage
{
    public const int HeaderLength = 20;
    public const int TransactionIdLength = 12;
    public const int Binding = 1;

    /// <summary>Octets of the longest message whose integrity is checked; checks of connectivity have some 120.</summary>
    public const int MaxLength = 1280;

    internal const uint MagicCookie = 0x2112A442;
    internal const int IntegrityLength = 20;
    internal const int FingerprintLength = 4;
    internal const uint FingerprintMask = 0x5354554E;

    private readonly ReadOnlySpan<byte> _octets;

    private StunMessage(ReadOnlySpan<byte> octets) => _octets = octets;

    // The class is in bits 4 and 8 of the type (section 5, figure 3).
    public StunClass Class => (StunClass)(((Type >> 4) & 1) | ((Type >> 7) & 2));

    public int Method => (Type & 0xF) | ((Type >> 1) & 0x70) | ((Type >> 2) & 0xF80);

    public ReadOnlySpan<byte> TransactionId => _octets.Slice(8, TransactionIdLength);

    private int Type => BinaryPrimitives.ReadUInt16BigEndian(_octets);

    /// <summary>False when it is no STUN message as a whole: magic cookie, length, and attributes that fill it exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length < HeaderLength || datagram[0] > 0x3F || (datagram.Length & 3) != 0) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - HeaderLength) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != MagicCookie) return false;
        for (var at = HeaderLength; at < datagram.Length;)
        {
            if (datagram.Length - at < 4) return false;
            at += 4 + Padded(BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]));
            if (at > datagram.Length) return false;
        }
        message = new StunMessage(datagram);
        return true;
    }

    /// <summary>
    /// The value of the first attribute of that type. What stands behind MESSAGE-INTEGRITY is not protected and is passed over
    /// (section 14.5), FINGERPRINT excepted.
    /// </summary>
    public bool TryGet(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        var at = Find(type);
        value = at < 0 ? default : ValueAt(at);
        return at >= 0;
    }

    public bool Has(StunAttributeType type) => Find(type) >= 0;

    /// <summary>The first attribute that has to be understood (section 14: below 0x8000) and is not known here; null when there is none.</summary>
    public int? FirstUnknown()
    {
        for (var at = HeaderLength; at < _octets.Length; at = After(at))
        {
            var type = TypeAt(at);
            if (type < 0x8000 && !Enum.IsDefined((StunAttributeType)type)) return type;
            if (type == (int)StunAttributeType.MessageIntegrity) return null;
        }
        return null;
    }

    /// <summary>True when MESSAGE-INTEGRITY is there and made with this key (section 14.5). In constant time.</summary>
    public bool HasIntegrity(ReadOnlySpan<byte> key)
    {
        var at = Find(StunAttributeType.MessageIntegrity);
        if (at < 0 || at > MaxLength || ValueAt(at) is not { Length: IntegrityLength } said) return false;
        Span<byte> covered = stackalloc byte[MaxLength];
        _octets[..at].CopyTo(covered);
        Span<byte> expected = stackalloc byte[IntegrityLength];
        StunWriter.Integrity(covered[..at], key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, said);
    }

    /// <summary>True when FINGERPRINT is the last attribute and right (section 14.7).</summary>
    public bool HasFingerprint()
    {
        const int length = 4 + FingerprintLength;
        var at = _octets.Length - length;
        if (at < HeaderLength || Find(StunAttributeType.Fingerprint) != at || ValueAt(at).Length != FingerprintLength) return false;
        return BinaryPrimitives.ReadUInt32BigEndian(ValueAt(at)) == (Crc32.Of(_octets[..at]) ^ FingerprintMask);
    }

    internal static int Padded(int length) => (length + 3) & ~3;

    private int TypeAt(int at) => BinaryPrimitives.ReadUInt16BigEndian(_octets[at..]);

    private ReadOnlySpan<byte> ValueAt(int at) => _octets.Slice(at + 4, BinaryPrimitives.ReadUInt16BigEndian(_octets[(at + 2)..]));

    private int After(int at) => at + 4 + Padded(BinaryPrimitives.ReadUInt16BigEndian(_octets[(at + 2)..]));

    private int Find(StunAttributeType wanted)
    {
        var isProtected = true;
        for (var at = HeaderLength; at < _octets.Length; at = After(at))
        {
            var type = TypeAt(at);
            if (type == (int)wanted && (isProtected || wanted == StunAttributeType.Fingerprint)) return at;
            isProtected &= type != (int)StunAttributeType.MessageIntegrity;
        }
        return -1;
    }
}
