using System.Globalization;
using System.Net;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Sdp;

/// <summary>How an offer or an answer was judged.</summary>
public enum OfferVerdict
{
    Ok,

    /// <summary>No audio over RTP/AVP, RTP/SAVP or their feedback profiles with a port: 488.</summary>
    NoAudio,

    /// <summary>Audio, but no speech codec in common: 488.</summary>
    NoCommonCodec,

    /// <summary>The peer turned our stream down by port 0.</summary>
    Rejected,

    /// <summary>The answer has other m= lines than the offer (RFC 3264 section 6).</summary>
    Mismatch,

    /// <summary>Protection is asked for and no key can be agreed on, or it is wanted and not offered: 488.</summary>
    NoKeys,
}

/// <summary>Our end of a leg's audio stream, as written into descriptions.</summary>
/// <param name="Address">The address peers shall send to.</param>
/// <param name="RtpPort">Even; RTCP is the next one.</param>
/// <param name="SessionId">The same through a dialog.</param>
/// <param name="SessionVersion">One more for each changed description in the dialog (RFC 3264 section 8).</param>
public sealed record LocalAudio(IPAddress Address, int RtpPort, ulong SessionId, ulong SessionVersion = 1);

/// <summary>The answer to send and what it settles; both null unless the verdict is Ok.</summary>
public sealed record AnswerResult(OfferVerdict Verdict, SessionDescription? Answer, AudioAgreement? Agreement);

/// <summary>What an answer to our offer settles; null unless the verdict is Ok.</summary>
public sealed record AcceptResult(OfferVerdict Verdict, AudioAgreement? Agreement);

/// <summary>How an offer or answer is to treat protection.</summary>
/// <param name="Keying">The leg's keys; learns what is agreed.</param>
public sealed record SdpProtection(SrtpUse Use, SdesKeying Keying);

/// <summary>Offer and answer (RFC 3264) for one audio stream. Pure: descriptions in, descriptions out.</summary>
public static class OfferAnswer
{
    /// <summary>An offer of the given codecs, preferred first. Dynamic numbers are given from 96 up; telephone-event gets 101 when free.</summary>
    /// <param name="numbers">What the numbers meant so far in this session; learns those of this offer. Null for a first and only offer.</param>
    /// <param name="protection">Null for plain RTP.</param>
    /// <param name="protocol">Of the m= line, where an earlier exchange has settled it.</param>
    public static SessionDescription Offer(
        LocalAudio local,
        IReadOnlyList<AudioCodec> codecs,
        MediaDirection direction = MediaDirection.SendRecv,
        PayloadNumbers? numbers = null,
        SdpProtection? protection = null,
        string? protocol = null)
    {
        var numbered = (numbers ?? new PayloadNumbers()).Assign(codecs);
        IReadOnlyList<string> keys = protection is { Use: not SrtpUse.None } ? protection.Keying.Offer() : [];
        protocol ??= protection is { Use: SrtpUse.Required } ? "RTP/SAVP" : "RTP/AVP";
        return Describe(local, [Section(local, protocol, numbered, direction, AudioAgreement.DefaultPacketTime, rtcpMux: false, keys)]);
    }

    /// <summary>
    /// Answers an offer: the first audio line we can take is taken, every other line is declined with port 0; payload numbers
    /// and their order are the offer's; nothing is in the answer that was not in the offer (RFC 3264 section 6).
    /// </summary>
    /// <param name="supported">What we take; telephone-event and CN only if they are in it.</param>
    /// <param name="wanted">What we would do; narrowed by what the offer allows.</param>
    /// <param name="protection">Null to take plain RTP only.</param>
    public static AnswerResult Answer(
        SessionDescription offer,
        LocalAudio local,
        IReadOnlyList<AudioCodec> supported,
        MediaDirection wanted = MediaDirection.SendRecv,
        SdpProtection? protection = null)
    {
        var chosen = -1;
        IReadOnlyList<NegotiatedCodec> codecs = [];
        bool sawAudio = false, mayTake = false;
        for (var i = 0; i < offer.Media.Count && chosen < 0; i++)
        {
            if (!IsUsableAudio(offer.Media[i])) continue;
            sawAudio = true;
            if (!MayTake(offer.Media[i], protection)) continue;
            mayTake = true;
            codecs = CommonCodecs(offer.Media[i], supported);
            if (HasSpeech(codecs)) chosen = i;
        }
        if (chosen < 0) return new AnswerResult(mayTake ? OfferVerdict.NoCommonCodec : sawAudio ? OfferVerdict.NoKeys : OfferVerdict.NoAudio, null, null);
        if (!TryAnswerKeys(offer.Media[chosen], protection, out var key)) return new AnswerResult(OfferVerdict.NoKeys, null, null);

        var agreement = Agree(offer, offer.Media[chosen], codecs, wanted, offer.Media[chosen].RtcpMux, key is not null);
        var sections = offer.Media.Select((media, i) => i == chosen ? AnswerSection(local, media, agreement, key) : Declined(media));
        return new AnswerResult(OfferVerdict.Ok, Describe(local, [.. sections]), agreement);
    }

    /// <summary>Reads the answer to our offer of one audio stream.</summary>
    /// <param name="protection">What the offer was made with.</param>
    public static AcceptResult Accept(SessionDescription offer, SessionDescription answer, SdpProtection? protection = null)
    {
        if (answer.Media.Count != offer.Media.Count || answer.Media.Count == 0 || answer.Media[0].Kind != "audio")
            return new AcceptResult(OfferVerdict.Mismatch, null);
        var ours = offer.Media[0];
        var theirs = answer.Media[0];
        if (theirs.Port == 0) return new AcceptResult(OfferVerdict.Rejected, null);
        if (!IsUsableAudio(theirs)) return new AcceptResult(OfferVerdict.NoAudio, null);

        var offered = ours.PayloadTypes().Select(number => (Number: number, Codec: CodecOf(ours, number))).ToArray();
        var codecs = new List<NegotiatedCodec>();
        foreach (var number in theirs.PayloadTypes())
        {
            if (theirs.Map(number) is not { } map) continue;
            var match = Array.Find(offered, o => o.Codec is not null && o.Codec.Matches(map));
            if (match.Codec is null) continue;
            codecs.Add(new NegotiatedCodec(match.Codec, match.Number, number, theirs.FormatParameters(number)));
        }
        if (!HasSpeech(codecs)) return new AcceptResult(OfferVerdict.NoCommonCodec, null);
        if (!TryAcceptKeys(ours, theirs, protection, out var isProtected)) return new AcceptResult(OfferVerdict.NoKeys, null);
        var direction = ours.Direction ?? offer.Direction ?? MediaDirection.SendRecv;
        return new AcceptResult(OfferVerdict.Ok, Agree(answer, theirs, codecs, direction, ours.RtcpMux && theirs.RtcpMux, isProtected));
    }

    private static bool IsUsableAudio(MediaDescription media) =>
        media is { Kind: "audio", Port: > 0, Protocol: "RTP/AVP" or "RTP/AVPF" or "RTP/SAVP" or "RTP/SAVPF" };

    // Some offer the stream twice, protected and plain.
    private static bool MayTake(MediaDescription media, SdpProtection? protection) => protection?.Use switch
    {
        SrtpUse.Required => media.CryptoLines.Any(),
        SrtpUse.Optional => !media.IsSecure || media.CryptoLines.Any(),
        _ => !media.IsSecure,
    };

    // Keys beside plain RTP are taken when we may (RFC 8643 section 3.2), and passed over when we may not.
    private static bool TryAnswerKeys(MediaDescription offered, SdpProtection? protection, out string? key)
    {
        key = protection is { Use: not SrtpUse.None } ? protection.Keying.Answer(offered.CryptoLines) : null;
        if (key is not null) return true;
        if (offered.IsSecure || protection is { Use: SrtpUse.Required }) return false;
        protection?.Keying.Clear();
        return true;
    }

    private static bool TryAcceptKeys(MediaDescription ours, MediaDescription theirs, SdpProtection? protection, out bool isProtected)
    {
        isProtected = false;
        if (ours.IsSecure != theirs.IsSecure) return false;
        var offered = ours.CryptoLines.Any();
        if (offered && theirs.CryptoLines.Any()) return isProtected = protection?.Keying.Accept(theirs.CryptoLines) ?? false;
        if (ours.IsSecure) return false;
        protection?.Keying.Clear();
        return true;
    }

    private static bool HasSpeech(IEnumerable<NegotiatedCodec> codecs) => codecs.Any(codec => codec.Codec.Kind == CodecKind.Speech);

    private static List<NegotiatedCodec> CommonCodecs(MediaDescription offered, IReadOnlyList<AudioCodec> supported)
    {
        var common = new List<NegotiatedCodec>();
        foreach (var number in offered.PayloadTypes())
        {
            if (offered.Map(number) is not { } map || supported.FirstOrDefault(codec => codec.Matches(map)) is not { } codec) continue;
            common.Add(new NegotiatedCodec(codec, number, number, offered.FormatParameters(number)));
        }
        return common;
    }

    // The well-known ones keep their static number, so that a leg which is offered this one's codecs is offered PCMA as 8.
    private static AudioCodec? CodecOf(MediaDescription media, byte number) => media.Map(number) is { } map
        ? AudioCodec.All.FirstOrDefault(codec => codec.Matches(map)) ?? new AudioCodec(map.EncodingName, map.ClockRate, map.Channels)
        : null;

    private static AudioAgreement Agree(
        SessionDescription remote, MediaDescription media, IReadOnlyList<NegotiatedCodec> codecs, MediaDirection ours, bool mux, bool isProtected)
    {
        var connection = media.Connection ?? remote.Connection;
        var theirs = media.Direction ?? remote.Direction ?? MediaDirection.SendRecv;
        if (connection is { IsUnspecified: true }) theirs &= ~MediaDirection.RecvOnly; // RFC 3264 section 8.4
        var rtcp = mux ? media.Port : media.RtcpPort ?? media.Port + 1;
        return new AudioAgreement(
            connection is { IsUnspecified: false } ? connection.Literal : null,
            media.Port,
            rtcp,
            mux,
            theirs.Reversed() & ours,
            media.PacketTime is { } time and >= 10 and <= 200 ? time : AudioAgreement.DefaultPacketTime,
            codecs,
            media.Protocol,
            isProtected);
    }

    private static MediaDescription AnswerSection(LocalAudio local, MediaDescription offered, AudioAgreement agreement, string? key)
    {
        var numbered = agreement.Codecs.Select(codec => (codec.ReceivePayloadType, Codec: WithAnswerParameters(codec))).ToList();
        return Section(local, offered.Protocol, numbered, agreement.Direction, agreement.PacketTime, agreement.RtcpMux, key is null ? [] : [key]);
    }

    // We answer with our own parameters; for formats passed through whole, the offer's are repeated, as the far end chose them.
    private static AudioCodec WithAnswerParameters(NegotiatedCodec codec) =>
        codec.Codec with { FormatParameters = codec.Codec.FormatParameters ?? codec.FormatParameters };

    private static MediaDescription Declined(MediaDescription offered) => offered with { Port = 0, Connection = null, Attributes = [] };

    private static SessionDescription Describe(LocalAudio local, IReadOnlyList<MediaDescription> media)
    {
        var address = local.Address.ToString();
        return new SessionDescription(
            new SdpOrigin("-", local.SessionId, local.SessionVersion, address), new SdpConnection(address), [], media);
    }

    private static MediaDescription Section(
        LocalAudio local,
        string protocol,
        IReadOnlyList<(byte Number, AudioCodec Codec)> codecs,
        MediaDirection direction,
        int packetTime,
        bool rtcpMux,
        IReadOnlyList<string> keys)
    {
        var attributes = new List<SdpAttributeLine>();
        foreach (var (number, codec) in codecs)
        {
            var channels = codec.Channels > 1 ? string.Create(CultureInfo.InvariantCulture, $"/{codec.Channels}") : "";
            attributes.Add(new SdpAttributeLine("rtpmap", string.Create(
                CultureInfo.InvariantCulture, $"{number} {codec.Name}/{codec.ClockRate}{channels}")));
            if (codec.FormatParameters is { } parameters)
                attributes.Add(new SdpAttributeLine("fmtp", string.Create(CultureInfo.InvariantCulture, $"{number} {parameters}")));
        }
        attributes.Add(new SdpAttributeLine("ptime", packetTime.ToString(CultureInfo.InvariantCulture)));
        if (rtcpMux) attributes.Add(new SdpAttributeLine("rtcp-mux"));
        attributes.AddRange(keys.Select(key => new SdpAttributeLine("crypto", key)));
        attributes.Add(new SdpAttributeLine(direction.ToAttribute()));
        var formats = codecs.Select(codec => codec.Number.ToString(CultureInfo.InvariantCulture)).ToArray();
        return new MediaDescription("audio", local.RtpPort, protocol, formats, null, attributes);
    }
}
