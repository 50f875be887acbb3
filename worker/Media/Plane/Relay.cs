using System.Buffers.Binary;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// The packet path of one shard: who may send to a leg, what is counted, where it goes. It knows no thread and no system call;
/// an engine delivers packets to it and sends what it hands over. No allocation and no lock per packet.
/// </summary>
internal sealed unsafe partial class Relay(IPacketEngine engine, MediaClock clock, long latchWindow, Action<MediaEvent> tell) : IPacketSink
{
    private const long Second = 1_000_000_000;
    private const int RtcpBit = 1;
    private readonly List<LegState?> _legs = [];
    private readonly Stack<int> _freeSlots = new();
    private long _now = clock.Nanoseconds;
    private long _nextCheck = clock.Nanoseconds + Second;
    private uint _generation;

    public int Legs => _legs.Count - _freeSlots.Count;

    /// <summary>Run when packets may have come, before they are looked at.</summary>
    public Action? BeforeBatch { get; set; }

    public void BeginBatch()
    {
        _now = clock.Nanoseconds;
        BeforeBatch?.Invoke();
    }

    /// <summary>Takes over a leg and its sockets.</summary>
    public void Add(LegState leg)
    {
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _legs.Count;
            _legs.Add(null);
        }
        _legs[slot] = leg;
        leg.Key = ((ulong)++_generation << 32) | ((uint)slot << 1);
        leg.SilenceFrom = _now;
        engine.Add(leg.RtpSocket, leg.Key);
        engine.Add(leg.RtcpSocket, leg.Key | RtcpBit);
        ContinueReports(leg);
    }

    /// <summary>Forgets a leg and closes its sockets; a leg bridged to it falls silent.</summary>
    public void Remove(LegState leg)
    {
        if (!IsHere(leg)) return;
        Detach(leg);
        leg.Playing = null;
        leg.Digits = null;
        EndEncoding(leg);
        ClosePath(leg);
        FreeSlot(leg);
        engine.Remove(leg.RtpSocket);
        engine.Remove(leg.RtcpSocket);
        Protect(leg, default);
    }

    public void OnPacket(ulong key, byte* data, int length, in SocketName from)
    {
        if (key == BrowserKey)
        {
            OnBrowserDatagram(data, length, from);
            return;
        }
        var slot = SlotOf(key);
        if (slot >= _legs.Count || _legs[slot] is not { } leg || leg.Key != (key & ~(ulong)RtcpBit)) return; // closed meanwhile
        if (leg.IsBrowser) leg.UnknownSource++; // It has another port.
        else Take(leg, data, length, (key & RtcpBit) != 0, from);
    }

    private void Take(LegState leg, byte* data, int length, bool isRtcpPort, in SocketName from)
    {
        var packet = new Span<byte>(data, length);
        var isRtcp = isRtcpPort || (leg.RtcpMux && RtpHeader.IsRtcp(packet));
        if (leg.Open is { } session && !TryOpen(leg, session, ref packet, isRtcp)) return;
        if (isRtcp) OnRtcp(leg, packet, length, data, from);
        else OnRtp(leg, packet, length, data, from);
    }

    private bool IsHere(LegState leg) => SlotOf(leg.Key) is var slot && slot < _legs.Count && ReferenceEquals(_legs[slot], leg);

    private void FreeSlot(LegState leg)
    {
        _legs[SlotOf(leg.Key)] = null;
        _freeSlots.Push(SlotOf(leg.Key));
    }

    private static int SlotOf(ulong key) => (int)((uint)key >> 1);

    private void OnRtp(LegState leg, Span<byte> packet, int room, byte* data, in SocketName from)
    {
        if (!RtpHeader.TryRead(packet, out var header) || leg.Codecs is not { } codecs || !codecs.TryGetReceived(header.PayloadType, out var format))
        {
            leg.Malformed++;
            return;
        }
        if (leg.IsBrowser)
        {
            // ICE has proved the address.
        }
        else if (leg.Open is not null) leg.Latch.Prove(from);
        else if (!leg.Latch.Accept(from, header.Ssrc, _now))
        {
            leg.UnknownSource++;
            return;
        }
        if (!leg.Flowing || (!leg.IsBrowser && !leg.RemoteRtp.SameAs(from))) Started(leg, from);
        leg.LastPacketAt = _now;
        leg.Received.Update(header.Ssrc, header.Sequence, header.Timestamp, _now, format.ClockRate, !format.IsEvent);
        if (format.IsEvent && leg.Events.Accept(header, packet.Slice(header.HeaderLength, header.PayloadLength), out var digit))
        {
            (leg.LastKey, leg.LastKeyAt) = (digit, _now);
            tell(new DigitPressed(leg.Owner, digit));
        }
        if (leg.Recording is { } recording && format.Speech is { } speech)
            recording.TryWrite(leg.RecordingSide, speech, header.Ssrc, header.Timestamp, packet.Slice(header.HeaderLength, header.PayloadLength), _now);
        if (leg.Target is { } target) Forward(leg, target, header, packet, room, data, format);
    }

    private void Forward(LegState leg, LegState target, in RtpHeader header, Span<byte> packet, int room, byte* data, in ReceivedFormat format)
    {
        var payload = packet.Slice(header.HeaderLength, header.PayloadLength);
        if (format.IsEvent && IsWithheld(leg, target, header.Timestamp, payload)) return;
        if (!target.MaySend || !target.HasRemote || target.PlaysItself || leg.Map is not { } map) return;
        if (leg.Transcoded is { } stream && format.Speech is null)
        {
            ForwardBeside(target, stream, header, format, payload);
            return;
        }
        if (!map.TryGet(header.PayloadType, out var sendType, out var conversion)) return;
        if (conversion == Conversion.Transcode)
        {
            HandOver(leg, header, format.Speech!.Value, sendType, payload);
            return;
        }
        if (leg.Transcoded is not null) EndTranscoding(leg); // It has gone over to a codec that both have.
        if (conversion != Conversion.None) Convert(payload, conversion);
        target.Out.Adopt(packet, header, sendType, leg.Id, format.ClockRate, _now);
        SendRtp(target, data, packet.Length, room);
    }

    // The press of a key that we are just sending ourselves is the same press, told by signalling too: it is not to follow them.
    private static bool IsWithheld(LegState leg, LegState target, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (target.Digits is { } own && TelephoneEvent.TryRead(payload, out var press) && own.IsSending(press.Code)) leg.Withheld = timestamp;
        return leg.Withheld == timestamp;
    }

    private static void Convert(Span<byte> payload, Conversion conversion)
    {
        switch (conversion)
        {
            case Conversion.MuLawToALaw:
                G711.MuLawToALaw(payload);
                break;
            case Conversion.ALawToMuLaw:
                G711.ALawToMuLaw(payload);
                break;
            case Conversion.KeysTo8000 or Conversion.KeysTo48000 when TelephoneEvent.TryRead(payload, out var press):
                var duration = conversion == Conversion.KeysTo8000 ? press.Duration / 6 : Math.Min(ushort.MaxValue, press.Duration * 6);
                (press with { Duration = (ushort)duration }).Write(payload);
                break;
        }
    }

    // Symmetric RTP (RFC 4961): answers go where packets come from.
    private void Started(LegState leg, in SocketName from)
    {
        if (!leg.IsBrowser)
        {
            leg.RemoteRtp = from;
            leg.HasRemote = true;
        }
        if (!leg.Flowing) tell(new MediaStarted(leg.Owner, from.ToEndPoint()));
        leg.Flowing = true;
    }

    private void OnRtcp(LegState leg, Span<byte> packet, int room, byte* data, in SocketName from)
    {
        if (!RtcpReader.IsValid(packet))
        {
            leg.Malformed++;
            return;
        }
        // RTCP opens no door of its own: unless it was authenticated, it must come from where RTP comes from (same port when multiplexed, else same host).
        if (leg.Open is null && !ComesFromItsRtp(leg, from))
        {
            leg.UnknownSource++;
            return;
        }
        if (!leg.RtcpMux)
        {
            leg.RemoteRtcp = from;
            leg.HasRemoteRtcp = true;
        }
        leg.SilenceFrom = _now; // A sign of life, also of a peer that sends no sound while nobody speaks.
        ReadReports(leg, packet);
        if (leg.Target is { } target && !ReportsItself(target)) ForwardRtcp(leg, target, packet, room, data);
    }

    private static bool ComesFromItsRtp(LegState leg, in SocketName from)
    {
        if (!leg.HasRemote && !leg.Latch.IsLatched) return false;
        var known = leg.Latch.IsLatched ? leg.Latch.Source : leg.RemoteRtp;
        return leg.RtcpMux ? known.SameAs(from) : known.SameHost(from);
    }

    private void ReadReports(LegState leg, Span<byte> packet)
    {
        var reader = new RtcpReader(packet);
        while (reader.MoveNext())
        {
            if (reader.Type == RtcpType.SenderReport && reader.Packet.Length >= 28)
            {
                leg.PeerReportSsrc = BinaryPrimitives.ReadUInt32BigEndian(reader.Packet[4..]);
                leg.PeerReport = BinaryPrimitives.ReadUInt32BigEndian(reader.Packet[10..]);
                leg.PeerReportAt = _now;
            }
            for (var blocks = reader.ReportBlocks; blocks.Length >= ReportBlock.Length; blocks = blocks[ReportBlock.Length..])
            {
                var block = ReportBlock.Read(blocks);
                if (block.Ssrc == leg.Out.Ssrc) leg.RoundTrip.Answered(block, _now);
            }
        }
    }

    private void ForwardRtcp(LegState leg, LegState target, Span<byte> packet, int room, byte* data)
    {
        if (!(target.RtcpMux ? target.HasRemote : target.HasRemoteRtcp)) return;
        if (!target.ReducedRtcp && !RtcpReader.BeginsWithReport(packet)) return;
        RtcpTranslation.Apply(packet, target.Out, leg.Out);
        NoteSenderReport(target, packet);
        SendRtcp(target, data, packet.Length, room);
    }

    private void NoteSenderReport(LegState target, Span<byte> packet)
    {
        var reader = new RtcpReader(packet);
        while (reader.MoveNext())
        {
            if (reader.Type != RtcpType.SenderReport || reader.Packet.Length < 28) continue;
            var middle = BinaryPrimitives.ReadUInt32BigEndian(reader.Packet[10..]);
            target.RoundTrip.ReportSent(middle, _now);
        }
    }
}
