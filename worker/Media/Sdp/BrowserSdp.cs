using System.Globalization;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Sdp;

/// <summary>
/// Descriptions as browsers speak them (RFC 8829), made of plain ones and turned into plain ones, so that codecs and directions are
/// negotiated in one place. One audio stream, bundled, RTCP on the same port and of reduced size; no header extensions and no feedback
/// are agreed on, and a browser then sends neither. Feedback on congestion (transport-cc) steers senders that can send less, and ours relays what
/// it is given; a packet of sound asked for again (NACK) comes when its 20 ms have been concealed, and Opus mends a loss by itself.
/// </summary>
public static class BrowserSdp
{
    /// <summary>Of the m= line (RFC 8827 section 6.5 makes it the only one).</summary>
    public const string Protocol = "UDP/TLS/RTP/SAVPF";

    /// <summary>What stands for it while codecs are negotiated.</summary>
    public const string PlainProtocol = "RTP/AVPF";

    private const int MaxFingerprints = 8;
    private const string ReducedSize = "rtcp-rsize"; // RFC 5506 section 5.3.1

    // RFC 8445 section 5.1.2.1: type preference 126 for a host, local preference 65535, component 1; TCP ranks below (RFC 6544 section 4.2).
    private const uint UdpPriority = 2130706431;
    private const uint TcpPriority = 1518280447;

    /// <summary>True for an offer of audio as browsers make it.</summary>
    public static bool IsForBrowser(SessionDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return description.Media.Any(IsBrowserAudio);
    }

    /// <summary>What the browser says of ICE and DTLS, for its first audio line. Null when something that has to be there is missing.</summary>
    /// <param name="isOffer">In an offer the browser usually leaves the DTLS role to us; in an answer it has chosen.</param>
    public static BrowserPeer? PeerOf(SessionDescription description, bool isOffer)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (description.Media.FirstOrDefault(IsBrowserAudio) is not { RtcpMux: true } audio) return null;
        if (Value(description, audio, "ice-ufrag") is not { Length: >= 4 and <= 256 } fragment) return null;
        if (Value(description, audio, "ice-pwd") is not { Length: >= 22 and <= 256 }) return null;
        if (RoleAgainst(Value(description, audio, "setup"), isOffer) is not { } role) return null;
        var fingerprints = Fingerprints(audio.Attributes);
        if (fingerprints.Count == 0) fingerprints = Fingerprints(description.Attributes);
        return fingerprints.Count == 0 ? null : new BrowserPeer(fragment, fingerprints, role, audio.Value("mid"), TakesReduced(audio));
    }

    /// <summary>The same as if it were plain RTP. Addresses are left out: ICE finds them.</summary>
    public static SessionDescription ToPlain(SessionDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var media = description.Media.Select(line => IsBrowserAudio(line) ? line with { Protocol = PlainProtocol, Connection = null } : line);
        return description with { Connection = null, Media = [.. media] };
    }

    /// <summary>Our offer for a browser: it may choose the DTLS role.</summary>
    /// <param name="mid">The browser's name for the line, where it has given one; ours in a first offer.</param>
    public static SessionDescription Offer(SessionDescription plain, BrowserEnd end, string? mid = null) => Dress(plain, end, "actpass", null, mid ?? "0");

    /// <summary>Our answer to a browser's offer.</summary>
    /// <param name="offer">The browser's, whose names for lines and bundle are repeated.</param>
    public static SessionDescription Answer(SessionDescription plain, BrowserEnd end, BrowserPeer peer, SessionDescription offer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Dress(plain, end, peer.Role == DtlsRole.Active ? "active" : "passive", offer, ownMid: null);
    }

    private static bool IsBrowserAudio(MediaDescription media) => media is { Kind: "audio", Port: > 0, Protocol: Protocol };

    private static bool TakesReduced(MediaDescription media) => media.Attributes.Any(attribute => attribute.Name == ReducedSize);

    private static string? Value(SessionDescription description, MediaDescription media, string name) =>
        media.Value(name) ?? description.Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Value;

    // RFC 8842 section 5.3 would have us active against "actpass"; waiting takes no longer, as either side can only begin once ICE is through.
    private static DtlsRole? RoleAgainst(string? setup, bool isOffer) => setup switch
    {
        "active" => DtlsRole.Passive,
        "passive" => DtlsRole.Active,
        "actpass" when isOffer => DtlsRole.Passive,
        _ => null,
    };

    private static List<DtlsFingerprint> Fingerprints(IReadOnlyList<SdpAttributeLine> attributes)
    {
        var found = new List<DtlsFingerprint>(1);
        foreach (var attribute in attributes)
        {
            if (attribute is { Name: "fingerprint", Value: { } value } && found.Count < MaxFingerprints && DtlsFingerprint.TryParse(value, out var read))
                found.Add(read!);
        }
        return found;
    }

    private static SessionDescription Dress(SessionDescription plain, BrowserEnd end, string setup, SessionDescription? offer, string? ownMid)
    {
        var media = new List<MediaDescription>(plain.Media.Count);
        string? bundled = null;
        for (var i = 0; i < plain.Media.Count; i++)
        {
            var line = plain.Media[i];
            var mid = offer is null ? ownMid : offer.Media[i].Value("mid");
            if (line.Port == 0) media.Add(mid is null ? line : line with { Attributes = [new("mid", mid)] });
            else
            {
                media.Add(DressLine(line, end, setup, mid, offer is null || TakesReduced(offer.Media[i])));
                bundled = mid;
            }
        }
        var attributes = new List<SdpAttributeLine>(plain.Attributes) { new("ice-lite") };
        // RFC 9143 section 7.3: what the offer did not bundle is not bundled in the answer.
        if (bundled is not null && (offer is null || Bundles(offer, bundled))) attributes.Add(new("group", $"BUNDLE {bundled}"));
        return plain with { Attributes = attributes, Media = media };
    }

    private static bool Bundles(SessionDescription offer, string mid) => offer.Attributes.Any(attribute =>
        attribute is { Name: "group", Value: { } value } && value.Split(' ') is ["BUNDLE", .. var mids] && mids.Contains(mid));

    private static MediaDescription DressLine(MediaDescription line, BrowserEnd end, string setup, string? mid, bool isReduced)
    {
        var attributes = new List<SdpAttributeLine>(line.Attributes.Where(attribute => attribute.Name != "rtcp-mux"));
        if (mid is not null) attributes.Add(new("mid", mid));
        attributes.Add(new("rtcp-mux"));
        if (isReduced) attributes.Add(new(ReducedSize));
        attributes.Add(new("msid", "far audio")); // so that the page finds the sound in a stream
        attributes.Add(new("ice-ufrag", end.Credentials.Fragment));
        attributes.Add(new("ice-pwd", end.Credentials.Password));
        attributes.Add(new("fingerprint", end.Fingerprint.ToString()));
        attributes.Add(new("setup", setup));
        attributes.Add(new("candidate", string.Create(CultureInfo.InvariantCulture, $"1 1 udp {UdpPriority} {end.Address} {end.Port} typ host")));
        if (end.HasTcp)
        {
            attributes.Add(new("candidate", string.Create(
                CultureInfo.InvariantCulture, $"2 1 tcp {TcpPriority} {end.Address} {end.Port} typ host tcptype passive")));
        }
        attributes.Add(new("end-of-candidates"));
        return line with { Port = end.Port, Protocol = Protocol, Attributes = attributes };
    }
}
