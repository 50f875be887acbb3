using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>SRTP on the packet path: opened before anything is believed, protected after everything is written.</summary>
internal sealed unsafe partial class Relay
{
    // What a sender's tag, key id and index add at most.
    private const int MaxOverhead = 32;

    /// <summary>Takes over the sessions that a negotiation opened; those that it replaces end here, where they were used.</summary>
    private static void Protect(LegState leg, in ProtectionChange change)
    {
        if (!change.IsProtected || change.Sender is not null)
        {
            leg.Protect?.Dispose();
            leg.Protect = change.Sender;
        }
        if (!change.IsProtected || change.Receiver is not null)
        {
            leg.Open?.Dispose();
            leg.Open = change.Receiver;
        }
    }

    private static bool TryOpen(LegState leg, SrtpSession session, ref Span<byte> packet, bool isRtcp)
    {
        var verdict = isRtcp ? session.UnprotectRtcp(packet, out var length) : session.UnprotectRtp(packet, out length);
        if (verdict == SrtpVerdict.Accepted)
        {
            packet = packet[..length];
            return true;
        }
        if (verdict == SrtpVerdict.Malformed) leg.Malformed++;
        else leg.Unauthenticated++;
        return false;
    }

    /// <summary>Sends an RTP packet that is complete but for its protection.</summary>
    /// <param name="room">Octets from <paramref name="data"/> on that are ours to write in.</param>
    private void SendRtp(LegState leg, byte* data, int length, int room)
    {
        leg.SentOctets += length - RtpHeader.FixedLength;
        if (leg.Protect is { } session)
        {
            data = MakeRoom(data, length, ref room, session.RtpOverhead);
            if (session.ProtectRtp(new Span<byte>(data, room), length, out length) != SrtpVerdict.Accepted) return;
        }
        engine.Send(leg.OutSocket, leg.RemoteRtp, data, length);
        leg.Sent++;
    }

    private void SendRtcp(LegState leg, byte* data, int length, int room)
    {
        if (leg.Protect is { } session)
        {
            data = MakeRoom(data, length, ref room, session.RtcpOverhead);
            if (session.ProtectRtcp(new Span<byte>(data, room), length, out length) != SrtpVerdict.Accepted) return;
        }
        if (leg.RtcpMux) engine.Send(leg.OutSocket, leg.RemoteRtp, data, length);
        else engine.Send(leg.RtcpSocket, leg.RemoteRtcp, data, length);
    }

    // A packet that came protected gave up as many octets as it takes on again; any other has foreign octets right behind it.
    private byte* MakeRoom(byte* data, int length, ref int room, int overhead)
    {
        if (length + overhead <= room || length + MaxOverhead > PacketBuffers.Size) return data;
        var own = engine.Rent();
        new Span<byte>(data, length).CopyTo(new Span<byte>(own, PacketBuffers.Size));
        room = PacketBuffers.Size;
        return own;
    }
}
