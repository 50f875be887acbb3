using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// RTCP of our own (RFC 3550 section 6), to peers whose stream ends here: they hear what we play, are on hold, are transcoded, or hear
/// themselves. Between two peers that hear each other their own reports are carried across, and we add none.
/// </summary>
internal sealed unsafe partial class Relay
{
    // RFC 3550 section 6.2: with two members the least interval counts, not the share of the bandwidth. The first one is half of it.
    private const long ReportInterval = 5 * Second;

    // Section 6.3.1: what corrects for the intervals that timer reconsideration would make too short.
    private const double Compensation = 1.21828;
    private readonly PriorityQueue<LegState, long> _reports = new();

    /// <summary>From the first negotiation on a leg has its turns, whether it has to report by itself at them or not.</summary>
    private void BeginReports(LegState leg)
    {
        if (leg.ReportAt != 0) return;
        leg.ReportAt = _now + NextInterval(leg, ReportInterval / 2);
        _reports.Enqueue(leg, leg.ReportAt);
    }

    /// <summary>The turns of a leg that has come from another shard.</summary>
    private void ContinueReports(LegState leg)
    {
        if (leg.ReportAt != 0) _reports.Enqueue(leg, leg.ReportAt);
    }

    private void SendReports()
    {
        while (_reports.TryPeek(out var leg, out var at) && at <= _now)
        {
            _reports.Dequeue();
            if (leg.ReportAt != at || !IsHere(leg)) continue;
            if (ReportsItself(leg)) SendReport(leg);
            leg.ReportAt = _now + NextInterval(leg, ReportInterval);
            _reports.Enqueue(leg, leg.ReportAt);
        }
    }

    private long NextReport() => _reports.TryPeek(out _, out var at) ? at : long.MaxValue;

    /// <summary>False between two legs that hear each other as they are: RTCP is then carried across.</summary>
    private static bool ReportsItself(LegState leg) =>
        leg.PlaysItself || !leg.MaySend || leg.Transcoded is not null
        || leg.Target is not { Transcoded: null } target || ReferenceEquals(target, leg) || !ReferenceEquals(target.Target, leg);

    private void SendReport(LegState leg)
    {
        if (!leg.MayReport || !KnowsWhereToReport(leg)) return;
        var buffer = engine.Rent();
        var writer = new RtcpWriter(new Span<byte>(buffer, PacketBuffers.Size));
        var blocks = leg.LastPacketAt > leg.ReportedAt ? [Block(leg)] : default(ReadOnlySpan<ReportBlock>);
        // Section 6.4: who has sent RTP since the report before the last one is a sender.
        if (leg.Sent > leg.SentBefore)
        {
            var time = NtpTime.Of(clock.Time.GetUtcNow());
            writer.SenderReport(leg.Out.Ssrc, time, leg.Out.TimestampAt(_now), (uint)leg.Sent, (uint)leg.SentOctets, blocks);
            leg.RoundTrip.ReportSent(NtpTime.Middle(time), _now);
        }
        else writer.ReceiverReport(leg.Out.Ssrc, blocks);
        writer.SourceDescription(leg.Out.Ssrc, leg.CanonicalName);
        (leg.SentBefore, leg.SentLast) = (leg.SentLast, leg.Sent);
        leg.ReportedAt = _now;
        SendRtcp(leg, buffer, writer.Length, PacketBuffers.Size);
    }

    // The address in SDP is nobody's where sound comes from another: the peer is behind a NAT, and its port for RTCP is known once it has spoken.
    private static bool KnowsWhereToReport(LegState leg) => leg.RtcpMux
        ? leg.HasRemote
        : leg.HasRemoteRtcp && (!leg.Latch.IsLatched || leg.RemoteRtcp.SameHost(leg.Latch.Source));

    private ReportBlock Block(LegState leg)
    {
        var isKnown = leg.PeerReport != 0 && leg.PeerReportSsrc == leg.Received.Ssrc;
        var delay = isKnown ? (uint)((_now - leg.PeerReportAt) * 65536.0 / Second) : 0;
        return leg.Received.TakeReport(isKnown ? leg.PeerReport : 0, delay);
    }

    // 0.5 to 1.5 of it at random, so that no two legs stay in step. The numbers need not be hard to foresee.
    private static long NextInterval(LegState leg, long interval)
    {
        leg.ReportDice = (leg.ReportDice * 1664525) + 1013904223;
        return (long)(interval * (0.5 + (leg.ReportDice / 4294967296.0)) / Compensation);
    }
}
