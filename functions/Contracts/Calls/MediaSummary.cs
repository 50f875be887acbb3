using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

/// <summary>What flowed on one leg, seen from the worker. Counts are RTP packets.</summary>
/// <param name="Codec">Encoding name as in SDP, such as PCMA.</param>
/// <param name="PacketsLost">Expected less received, by sequence numbers (RFC 3550 appendix A.3); never below 0.</param>
/// <param name="JitterMilliseconds">Interarrival jitter (RFC 3550 section 6.4.1).</param>
/// <param name="RoundTripMilliseconds">From RTCP reports (RFC 3550 section 6.4.1), null without them.</param>
/// <param name="MeanOpinionScore">E-model estimate (ITU-T G.107), 1.0 to 4.5, null when it could not be made.</param>
/// <param name="Protection">Crypto suite of SRTP as in SDP, such as AES_CM_128_HMAC_SHA1_80; null where RTP was plain.</param>
public sealed record MediaSummary(
    // Required on reading, so written even when null.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Codec,
    long PacketsReceived,
    long PacketsSent,
    long PacketsLost,
    double JitterMilliseconds = 0,
    double? RoundTripMilliseconds = null,
    double? MeanOpinionScore = null,
    string? Protection = null);
