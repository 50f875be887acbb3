using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Recording;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Srtp;
using ClickToDial.Media.Transcoding;

namespace ClickToDial.Media.Plane;

/// <summary>Everything a shard keeps about one leg. Touched by that shard's thread alone, from the moment it is added.</summary>
internal sealed class LegState(MediaLeg owner, int port, int rtpSocket, int rtcpSocket, OutgoingRtp outgoing)
{
    private static int _ids;

    public readonly MediaLeg Owner = owner;
    public readonly int Port = port;
    public readonly int RtpSocket = rtpSocket;
    public readonly int RtcpSocket = rtcpSocket;

    /// <summary>What RTP leaves by: the socket of its own, or the port that browsers share.</summary>
    public int OutSocket = rtpSocket;

    /// <summary>Given once the leg has been offered to a browser, or a browser offered to it.</summary>
    public BrowserPath? Browser;

    /// <summary>What we are called in RTCP: made up for this leg, so that it tells nothing of us (RFC 7022 section 4.2).</summary>
    public byte[] CanonicalName { get; init; } = [];

    /// <summary>Slot and generation, as the engine's key without the RTCP bit. Set when added.</summary>
    public ulong Key;

    /// <summary>Identity as a source of another leg's stream, above 0; the same on every shard.</summary>
    public readonly int Id = (Interlocked.Add(ref _ids, 2) & int.MaxValue) | 1;

    // Negotiated.
    public LegCodecs? Codecs;
    public bool MaySend;
    public bool RtcpMux;

    /// <summary>The peer takes RTCP that does not begin with a report (RFC 5506).</summary>
    public bool ReducedRtcp;
    public SocketName RemoteRtp;
    public SocketName RemoteRtcp;
    public bool HasRemote;
    public bool HasRemoteRtcp;
    public SourceLatch Latch;

    // SRTP: both or neither.
    public SrtpSession? Protect;
    public SrtpSession? Open;

    // Where packets from this leg go: the other leg, this one (echo), or nowhere.
    public LegState? Target;
    public PayloadMap? Map;

    // What comes from this leg, while it has to be transcoded.
    public TranscodedStream? Transcoded;
    public long TranscodedSince;

    // Who writes down what this leg says.
    public CallRecording? Recording;
    public RecordingSide RecordingSide;

    // Streams.
    public OutgoingRtp Out = outgoing;
    public ReceiveStatistics Received;
    public TelephoneEventReceiver Events;
    public RoundTrip RoundTrip;

    /// <summary>Timestamp of the last press that was not passed on because the other leg was sending keys of our own.</summary>
    public uint? Withheld;

    /// <summary>The last key pressed by RFC 4733, and when: the same one by signalling, a moment later, is the same press.</summary>
    public char LastKey;
    public long LastKeyAt;

    // Reports of our own: when the next one is due, 0 before the first negotiation, and what was said in those before.
    public bool MayReport;
    public long ReportAt;
    public long ReportedAt;
    public long SentLast;
    public long SentBefore;
    public uint ReportDice = outgoing.Ssrc;

    // The peer's last sender report: the middle half of its NTP time, and when it came.
    public uint PeerReport;
    public uint PeerReportSsrc;
    public long PeerReportAt;

    // What the leg plays itself; while it does, relayed packets are held back.
    public Prompt? Playing;
    public bool PlayLoop;
    public int PlayPosition;
    public uint PlayTimestamp;
    public bool PlayStarting;
    public DigitSender? Digits;
    public bool Scheduled;

    // What is played to a peer without G.711, on its way through the transcoding thread.
    public TranscodedStream? Encoded;
    public ushort EncodedSequence;

    // Figures.
    public long Sent;
    public long SentOctets;
    public long UnknownSource;
    public long Malformed;
    public long Unauthenticated;
    public long LastPacketAt;
    public bool Flowing;
    public long SilenceLimit;
    public long SilenceFrom;
    public bool SilenceTold;

    /// <summary>A browser is at the other end.</summary>
    public bool IsBrowser => Browser is { Peer: not null };

    public bool PlaysItself => Playing is not null || Digits is not null;
}

/// <summary>Round trip to a peer, from the sender reports we passed to it and its answers (RFC 3550 section 6.4.1).</summary>
internal struct RoundTrip
{
    private uint _report;
    private long _sentAt;

    public double? Milliseconds { get; private set; }

    /// <summary>A sender report went out; <paramref name="middle"/> is the middle half of its NTP time.</summary>
    public void ReportSent(uint middle, long now)
    {
        _report = middle;
        _sentAt = now;
    }

    public void Answered(in ReportBlock block, long now)
    {
        if (block.LastSenderReport == 0 || block.LastSenderReport != _report) return;
        var milliseconds = ((now - _sentAt) / 1e6) - (block.DelaySinceLast * 1000.0 / 65536);
        if (milliseconds >= 0) Milliseconds = milliseconds;
    }
}
