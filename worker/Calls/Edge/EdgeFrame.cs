using System.Buffers.Binary;
using System.Net;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>What a binary frame between two workers is about.</summary>
internal enum EdgeFrameKind : byte
{
    /// <summary>A SIP message to or from a phone's flow.</summary>
    Message = 1,

    /// <summary>A phone's flow has ended; nothing follows.</summary>
    Gone = 2,
}

/// <summary>
/// A binary frame between two workers: its kind, the transport and address of a phone's flow, then what it is about. One octet each for
/// kind, transport and the length of the address (4 or 16), then the address, the port (big-endian), and the rest.
/// </summary>
internal static class EdgeFrame
{
    /// <summary>The octets before the rest, at most.</summary>
    public const int LongestHead = 3 + 16 + 2;

    /// <summary>Octets of a whole frame. A user's registrations, in a frame of text, with what the back ends of its browsers want, are no longer either.</summary>
    public const int Longest = 1024 * 1024;

    public static byte[] Write(EdgeFrameKind kind, SipFlow flow, ReadOnlySpan<byte> rest)
    {
        Span<byte> address = stackalloc byte[16];
        flow.Remote.Address.TryWriteBytes(address, out var length);
        var frame = new byte[3 + length + 2 + rest.Length];
        (frame[0], frame[1], frame[2]) = ((byte)kind, (byte)flow.Kind, (byte)length);
        address[..length].CopyTo(frame.AsSpan(3));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3 + length), (ushort)flow.Remote.Port);
        rest.CopyTo(frame.AsSpan(5 + length));
        return frame;
    }

    /// <param name="edge">The worker that has the flow; null for the one that reads.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, string? edge, out EdgeFrameKind kind, out SipFlow flow, out ReadOnlySpan<byte> rest)
    {
        (kind, flow) = (default, null!);
        rest = default;
        if (frame.Length < 3 || frame[0] is not (1 or 2) || frame[1] > (byte)SipTransportKind.Wss || frame[2] is not (4 or 16)) return false;
        var length = frame[2];
        if (frame.Length < 5 + length) return false;
        var remote = new IPEndPoint(new IPAddress(frame.Slice(3, length)), BinaryPrimitives.ReadUInt16BigEndian(frame[(3 + length)..]));
        (kind, flow) = ((EdgeFrameKind)frame[0], new SipFlow((SipTransportKind)frame[1], remote) { Edge = edge });
        rest = frame[(5 + length)..];
        return true;
    }
}
