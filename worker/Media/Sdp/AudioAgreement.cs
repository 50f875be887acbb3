using System.Net;

namespace ClickToDial.Media.Sdp;

/// <summary>One payload format both ends agreed on. The two numbers are equal unless the ends chose differently (RFC 3264 section 5.1).</summary>
/// <param name="ReceivePayloadType">What the peer puts on packets to us: the number in our description.</param>
/// <param name="SendPayloadType">What we put on packets to the peer: the number in its description.</param>
/// <param name="FormatParameters">The peer's a=fmtp, to be passed on when the leg is bridged.</param>
public sealed record NegotiatedCodec(AudioCodec Codec, byte ReceivePayloadType, byte SendPayloadType, string? FormatParameters = null);

/// <summary>What offer and answer settled for the one audio stream of a leg, from our point of view.</summary>
/// <param name="RemoteAddress">Where the peer says it receives; null when it gave a name or is on hold by c=0.0.0.0.</param>
/// <param name="RemotePort">Its RTP port.</param>
/// <param name="RemoteRtcpPort">Its RTCP port; equal to <paramref name="RemotePort"/> when multiplexed.</param>
/// <param name="RtcpMux">Both ends said rtcp-mux (RFC 5761).</param>
/// <param name="Direction">What we do: SendOnly means that the peer does not send.</param>
/// <param name="PacketTime">Milliseconds of sound per packet the peer asks for; 20 unless it said otherwise.</param>
/// <param name="Codecs">In the order of preference that holds; the first speech codec is the one to send by default.</param>
/// <param name="Protocol">Of the m= line: what later offers of the session repeat.</param>
/// <param name="Protected">Keys were agreed on: nothing plain is sent or taken.</param>
public sealed record AudioAgreement(
    IPAddress? RemoteAddress,
    int RemotePort,
    int RemoteRtcpPort,
    bool RtcpMux,
    MediaDirection Direction,
    int PacketTime,
    IReadOnlyList<NegotiatedCodec> Codecs,
    string Protocol = "RTP/AVP",
    bool Protected = false)
{
    public const int DefaultPacketTime = 20;

    /// <summary>The first speech codec: the leg's codec in reports.</summary>
    public NegotiatedCodec Primary => Codecs.First(codec => codec.Codec.Kind == CodecKind.Speech);

    /// <summary>The peer neither hears us nor wants to: music, prompts and relayed sound are held back.</summary>
    public bool OnHold => Direction is MediaDirection.Inactive or MediaDirection.RecvOnly;

    /// <summary>Codecs with the peer's own format parameters, to build the other leg's offer from.</summary>
    public IReadOnlyList<AudioCodec> CodecsToOffer() =>
        [.. Codecs.Select(codec => codec.Codec with { FormatParameters = codec.FormatParameters ?? codec.Codec.FormatParameters })];
}
