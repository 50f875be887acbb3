using System.Net;
using System.Net.Sockets;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>
/// One side's sound: its ports, what we last said of them in SDP, and what was agreed. All devices that are rung for one side
/// share it, as only one of them will answer.
/// </summary>
internal sealed class AudioEnd
{
    private readonly MediaPlane _plane;
    private readonly MediaLeg _leg;
    private readonly PayloadNumbers _numbers = new();
    private LocalAudio _local;
    private SrtpUse _form;
    private readonly SdesKeying _keying;
    private readonly SessionDescription?[] _offered = new SessionDescription?[4];
    private BrowserPeer? _browser;
    private string? _mid;
    private byte[]? _answered;
    private LegOffer? _first;
    private IReadOnlyList<AudioCodec> _firstCodecs = [];
    private MediaDirection _saidBefore = MediaDirection.SendRecv;

    public AudioEnd(MediaPlane plane, MediaLeg leg, SdesKeying keying, ulong sessionId)
    {
        _plane = plane;
        _leg = leg;
        _keying = keying;
        _local = new LocalAudio(plane.Address, leg.LocalPort, sessionId, SessionVersion: 0);
    }

    public MediaLeg Leg => _leg;

    /// <summary>The peer signals by this family: what we say from now on has an address of it, until the peer names one of another.</summary>
    public void Prefer(AddressFamily family)
    {
        if (_plane.AddressOf(family) is { } address) _local = _local with { Address = address };
    }

    public AudioAgreement? Agreement { get; private set; }

    /// <summary>What we last said that we would do on this side.</summary>
    public MediaDirection Said { get; private set; } = MediaDirection.SendRecv;

    /// <summary>An offer of ours is out that was not answered yet.</summary>
    public bool IsOfferOut { get; private set; }

    /// <summary>Codecs the other side may be offered: what this side has, and both laws of G.711 where it has one, as the relay converts.</summary>
    public IReadOnlyList<AudioCodec> CodecsToOffer()
    {
        if (Agreement is null) return AudioCodec.All;
        var own = Agreement.CodecsToOffer();
        if (!own.Any(codec => codec.IsG711)) return own;
        var law = own.Any(codec => codec.Same(AudioCodec.Pcma)) ? AudioCodec.Pcmu : AudioCodec.Pcma;
        if (own.Any(codec => codec.Same(law))) return own;
        var after = own.TakeWhile(codec => !codec.IsG711).Count() + 1;
        return [.. own.Take(after), law, .. own.Skip(after)];
    }

    /// <summary>
    /// Codecs to ring the other side with once this one has answered: also G.711 where this side answered without it, because it
    /// was offered that and can be asked again, while the public network takes little else.
    /// </summary>
    public IReadOnlyList<AudioCodec> CodecsToDial()
    {
        var own = CodecsToOffer();
        if (own.Any(codec => codec.IsG711)) return own;
        var speech = own.TakeWhile(codec => codec.Kind == CodecKind.Speech).Count();
        var keys = own.Any(codec => codec.Kind == CodecKind.TelephoneEvent) && !own.Any(AudioCodec.TelephoneEvent.Same);
        return [.. own.Take(speech), AudioCodec.Pcma, AudioCodec.Pcmu, .. own.Skip(speech), .. keys ? [AudioCodec.TelephoneEvent] : Array.Empty<AudioCodec>()];
    }

    /// <summary>The first offer, for all devices that are rung. It counts until an answer to it is accepted.</summary>
    public LegOffer FirstOffer(IReadOnlyList<AudioCodec> codecs)
    {
        Begin(MediaDirection.SendRecv);
        _keying.Renew();
        _firstCodecs = codecs;
        return _first = new LegOffer(use => Write(use, codecs, MediaDirection.SendRecv));
    }

    /// <summary>The first offer once more, for somebody who is rung beside those that have it.</summary>
    /// <param name="codecs">What of it may be spoken there.</param>
    public LegOffer OfferBeside(IReadOnlyList<AudioCodec> codecs)
    {
        if (_first is not { } first) return FirstOffer(codecs);
        IReadOnlyList<AudioCodec> fewer = [.. codecs.Where(codec => _firstCodecs.Any(codec.Same))];
        if (fewer.Count == _firstCodecs.Count) return first;
        return new LegOffer(use =>
        {
            // Answers are read by the whole of it.
            first.For(use);
            return Describe(OfferAnswer.Offer(_local, fewer, MediaDirection.SendRecv, _numbers, new SdpProtection(use, _keying), Agreement?.Protocol));
        });
    }

    /// <summary>Nobody is rung any more, so nobody needs the first offer once more.</summary>
    public void EndRinging() => (_first, _firstCodecs) = (null, []);

    /// <summary>Writes an offer within the session, as it is protected now. It counts until an answer to it is accepted.</summary>
    public byte[] Offer(IReadOnlyList<AudioCodec> codecs, MediaDirection direction = MediaDirection.SendRecv)
    {
        Begin(direction);
        return Write(Established, codecs, direction).For(_local.Address.AddressFamily);
    }

    /// <summary>The last offer was refused: everything is as it was before (RFC 3261 section 14.1).</summary>
    public void Refused()
    {
        if (!IsOfferOut) return;
        IsOfferOut = false;
        Said = _saidBefore;
        Array.Clear(_offered);
    }

    /// <summary>Applies the answer to the last offer.</summary>
    /// <param name="form">The one that the peer was sent, where a first offer has gone out in several; null for the last.</param>
    public OfferVerdict Accept(ReadOnlySpan<byte> answer, SrtpUse? form = null)
    {
        IsOfferOut = false;
        var use = form ?? _form;
        if (_offered[(int)use] is not { } offered) return OfferVerdict.Mismatch;
        if (SessionDescription.TryParse(answer, out var description) != SdpVerdict.Ok || description is null) return OfferVerdict.NoAudio;
        if (use == SrtpUse.Browser) return AcceptBrowser(offered, description);
        var (verdict, agreement) = OfferAnswer.Accept(offered, description, new SdpProtection(use, _keying));
        if (agreement is not null) Apply(agreement, browser: null);
        return verdict;
    }

    /// <summary>Learns what a peer offers without answering yet.</summary>
    public OfferVerdict Consider(ReadOnlySpan<byte> offer, IReadOnlyList<AudioCodec> supported, SrtpUse srtp) =>
        Answer(offer, supported, MediaDirection.SendRecv, srtp, out _);

    /// <summary>Answers an offer with what of it is supported, and applies what that settles.</summary>
    /// <param name="srtp">What of protection may be taken.</param>
    public OfferVerdict Answer(
        ReadOnlySpan<byte> offer, IReadOnlyList<AudioCodec> supported, MediaDirection wanted, SrtpUse srtp, out byte[] answer)
    {
        answer = [];
        if (SessionDescription.TryParse(offer, out var description) != SdpVerdict.Ok || description is null) return OfferVerdict.NoAudio;
        BrowserPeer? browser = null;
        var protection = new SdpProtection(srtp, _keying);
        var offered = description;
        if (BrowserSdp.IsForBrowser(description))
        {
            if ((browser = BrowserSdp.PeerOf(description, isOffer: true)) is null) return OfferVerdict.NoKeys;
            if (!_plane.ServesBrowsers) return OfferVerdict.NoAudio;
            (offered, protection) = (BrowserSdp.ToPlain(description), null);
        }
        NextVersion();
        if (description.AudioAddress is { } theirs) Prefer(FamilyOf(theirs));
        var (verdict, written, agreement) = OfferAnswer.Answer(offered, _local, supported, wanted, protection);
        if (written is null || agreement is null) return verdict;
        // An offer that is refused changes nothing, so ICE begins anew only now (RFC 3264 section 8).
        var end = browser is null ? null : _leg.OpenToBrowser(browser.Fragment);
        Apply(agreement, browser);
        Said = _saidBefore = agreement.Direction;
        Array.Clear(_offered);
        _offered[(int)(_form = Established)] = written; // Sent again to refresh the session, it is an offer.
        answer = Settle((end is null ? written : BrowserSdp.Answer(written, end, browser!, description)).ToBytes());
        return verdict;
    }

    /// <summary>What this side says can be turned into another codec, and what it hears out of one.</summary>
    public bool CanTranscode => Agreement is { Primary.Codec.CanTranscode: true };

    /// <summary>True when packets of this side's first codec can be heard on the other.</summary>
    public bool IsHeardBy(AudioEnd other)
    {
        if (Agreement is null || other.Agreement is null) return false;
        var sent = Agreement.Primary.Codec;
        return other.Agreement.Codecs.Any(codec => codec.Codec.Same(sent) || (codec.Codec.IsG711 && sent.IsG711));
    }

    /// <summary>Lets go of the browser at this end, for another end to go on with; null where there is none.</summary>
    public GivenBrowser? GiveBrowser() => _browser is { } peer && _leg.GivePath() is { } path ? new GivenBrowser(path, peer.Mid) : null;

    /// <summary>Goes on with a browser; before the first offer is written.</summary>
    public void TakeBrowser(GivenBrowser given)
    {
        _mid = given.Mid;
        _leg.TakePath(given.Path);
    }

    /// <summary>Closes the ports; the figures are null when no packet moved, or when the media plane is dead and cannot tell them.</summary>
    public async Task<MediaSummary?> CloseAsync()
    {
        LegStatistics last;
        _keying.Dispose();
        try
        {
            last = await _leg.CloseAsync();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        if (last is { PacketsReceived: 0, PacketsSent: 0 }) return null;
        return new MediaSummary(
            last.Codec, last.PacketsReceived, last.PacketsSent, last.PacketsLost, last.JitterMilliseconds, last.RoundTripMilliseconds, last.MeanOpinionScore,
            last.Protection);
    }

    private OfferVerdict AcceptBrowser(SessionDescription offered, SessionDescription answer)
    {
        if (BrowserSdp.PeerOf(answer, isOffer: false) is not { } peer) return OfferVerdict.NoKeys;
        var (verdict, agreement) = OfferAnswer.Accept(offered, BrowserSdp.ToPlain(answer));
        if (agreement is not null) Apply(agreement, peer);
        return verdict;
    }

    private void Apply(AudioAgreement agreement, BrowserPeer? browser)
    {
        _browser = browser;
        _mid = browser?.Mid ?? _mid;
        if (browser is null && agreement.RemoteAddress is { } address) Prefer(FamilyOf(address));
        Agreement = browser is null ? agreement : agreement with { Protected = true };
        _numbers.Learn(agreement);
        if (browser is not null) _leg.SetRemote(Agreement, browser);
        else _leg.SetRemote(agreement, agreement.Protected ? _keying.Current : null);
    }

    // What is protected stays so, and what is plain too: nobody is asked to change in the middle of a call.
    public SrtpUse Established => _browser is not null ? SrtpUse.Browser : Agreement switch
    {
        null or { Protected: false } => SrtpUse.None,
        { Protocol: "RTP/SAVP" or "RTP/SAVPF" } => SrtpUse.Required,
        _ => SrtpUse.Optional,
    };

    private void Begin(MediaDirection direction)
    {
        NextVersion();
        Array.Clear(_offered);
        _saidBefore = Said;
        Said = direction;
        IsOfferOut = true;
        _answered = null;
    }

    private static AddressFamily FamilyOf(IPAddress address) => address.IsIPv4MappedToIPv6 ? AddressFamily.InterNetwork : address.AddressFamily;

    private LegDescription Write(SrtpUse use, IReadOnlyList<AudioCodec> codecs, MediaDirection direction)
    {
        if (use == SrtpUse.Browser) return WriteForBrowser(codecs, direction);
        var offer = OfferAnswer.Offer(_local, codecs, direction, _numbers, new SdpProtection(use, _keying), Agreement?.Protocol);
        _offered[(int)use] = offer;
        _form = use;
        return Describe(offer);
    }

    private LegDescription Describe(SessionDescription offer)
    {
        var family = _local.Address.AddressFamily;
        var other = _plane.AddressOf(family == AddressFamily.InterNetwork ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        return new LegDescription(offer.ToBytes(), family, other is null ? null : offer.At(other).ToBytes());
    }

    private LegDescription WriteForBrowser(IReadOnlyList<AudioCodec> codecs, MediaDirection direction)
    {
        var end = _leg.OpenToBrowser() ?? throw new InvalidOperationException("No browser is rung without a port for browsers.");
        var offer = OfferAnswer.Offer(_local, codecs, direction, _numbers, protocol: BrowserSdp.PlainProtocol);
        _offered[(int)SrtpUse.Browser] = offer;
        _form = SrtpUse.Browser;
        return new LegDescription(BrowserSdp.Offer(offer, end, _mid).ToBytes(), _local.Address.AddressFamily, other: null);
    }

    // The version counts changes only (RFC 3264 section 8): a session that is refreshed stays as it is.
    private byte[] Settle(byte[] answer)
    {
        if (_answered is null || !SdpText.SaySame(_answered, answer)) return _answered = answer;
        _local = _local with { SessionVersion = _local.SessionVersion - 1 };
        return _answered;
    }

    private void NextVersion() => _local = _local with { SessionVersion = _local.SessionVersion + 1 };
}
