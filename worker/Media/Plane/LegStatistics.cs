namespace ClickToDial.Media.Plane;

/// <summary>A leg's figures at one moment. Counts are RTP packets.</summary>
/// <param name="Codec">Encoding name of the negotiated speech codec, null before negotiation.</param>
/// <param name="PacketsReceived">Accepted from the peer.</param>
/// <param name="PacketsSent">Handed to the kernel for the peer.</param>
/// <param name="PacketsLost">Expected less received (RFC 3550 appendix A.3); never below 0.</param>
/// <param name="RoundTripMilliseconds">From RTCP reports, null without them.</param>
/// <param name="MeanOpinionScore">Null until packets came.</param>
/// <param name="UnknownSource">Dropped because they came from an address the leg is not locked on.</param>
/// <param name="Malformed">Dropped because they are no RTP, or of a payload type that was not agreed.</param>
/// <param name="Protection">Crypto suite, null where the stream is plain.</param>
/// <param name="Unauthenticated">SRTP and SRTCP packets dropped because their tag is wrong, or because they were seen before.</param>
/// <param name="LastPacketAt">When the last accepted packet came; null when none did.</param>
public sealed record LegStatistics(
    string? Codec,
    long PacketsReceived,
    long PacketsSent,
    long PacketsLost,
    double JitterMilliseconds,
    double? RoundTripMilliseconds,
    double? MeanOpinionScore,
    long UnknownSource,
    long Malformed,
    DateTimeOffset? LastPacketAt,
    string? Protection = null,
    long Unauthenticated = 0);
