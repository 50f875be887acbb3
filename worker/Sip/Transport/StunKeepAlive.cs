using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// The STUN server that shares a SIP port (RFC 5626 section 4.4.2): a device keeps its NAT's mapping open by Binding requests,
/// and learns from the answer whether it still has the address it registered from (RFC 5389 section 7). Nothing is kept, and
/// the answer is hardly larger than the question, so it is of no use to who forges addresses.
/// </summary>
public static class StunKeepAlive
{
    /// <summary>The longest answer: header and one XOR-MAPPED-ADDRESS of IPv6.</summary>
    public const int MaxAnswer = 44;

    private const int HeaderBytes = 20;
    private const uint Cookie = 0x2112A442;
    private const ushort BindingRequest = 0x0001;
    private const ushort BindingSuccess = 0x0101;
    private const ushort XorMappedAddress = 0x0020;

    /// <summary>True for a datagram that is STUN and not SIP: no SIP message begins with an octet below 4.</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderBytes && datagram[0] < 4 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == Cookie;

    /// <summary>
    /// Writes the answer to a Binding request and gives its length; 0 for what is no request, is not whole, or demands something
    /// we do not know: an attribute below 0x8000, to which silence is answer enough for a keep-alive.
    /// </summary>
    /// <param name="answer">At least <see cref="MaxAnswer"/> long.</param>
    public static int Answer(ReadOnlySpan<byte> datagram, IPEndPoint from, Span<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (!IsStun(datagram) || BinaryPrimitives.ReadUInt16BigEndian(datagram) != BindingRequest || !IsPlain(datagram)) return 0;
        var address = ViaStamp.Plain(from.Address);
        var v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var length = v6 ? 20 : 8;
        BinaryPrimitives.WriteUInt16BigEndian(answer, BindingSuccess);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)(length + 4));
        datagram[4..HeaderBytes].CopyTo(answer[4..]);
        var value = answer[HeaderBytes..];
        BinaryPrimitives.WriteUInt16BigEndian(value, XorMappedAddress);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)length);
        value[4] = 0;
        value[5] = (byte)(v6 ? 2 : 1);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], (ushort)(from.Port ^ (Cookie >> 16)));
        address.TryWriteBytes(value[8..], out var written);
        // RFC 5389 section 15.2: the address is mixed with cookie and transaction id, so that no NAT rewrites it.
        for (var i = 0; i < written; i++) value[8 + i] ^= datagram[4 + i];
        return HeaderBytes + 4 + length;
    }

    private static bool IsPlain(ReadOnlySpan<byte> datagram)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - HeaderBytes) return false;
        var rest = datagram[HeaderBytes..];
        while (rest.Length >= 4)
        {
            var size = 4 + ((BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 3) & ~3);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) < 0x8000 || size > rest.Length) return false;
            rest = rest[size..];
        }
        return rest.IsEmpty;
    }
}
