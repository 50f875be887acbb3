using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Legs to browsers. All of them share one port: what comes there is STUN, DTLS or SRTP by its first octet (RFC 7983); STUN names its leg
/// by the fragment and proves it, and from then on the address stands for the leg. Nothing else is ever taken from an address that
/// has not proved itself, so DTLS needs no cookies and nobody can make us send to a third party.
/// </summary>
internal sealed unsafe partial class Relay
{
    /// <summary>The engine's key of the shared port; legs' keys have a generation and are greater.</summary>
    private const ulong BrowserKey = 4;

    // RFC 7675 section 5.1.
    private const long ConsentLifetime = 30 * Second;

    private readonly Dictionary<ulong, LegState> _fragments = [];
    private readonly Dictionary<SocketName, LegState> _sources = new(SocketNames.Comparer);
    private DtlsContext? _dtls;
    private int _browserSocket = -1;

    /// <summary>Takes over the socket of the port that browsers share.</summary>
    public void OpenBrowserPort(int socket, DtlsContext dtls)
    {
        _dtls = dtls;
        _browserSocket = socket;
        engine.Add(socket, BrowserKey);
    }

    /// <summary>Lets a browser find the leg by these credentials; those before them hold until it has chosen by the new.</summary>
    public void OpenPath(LegState leg, IceCredentials credentials)
    {
        if (leg.Browser is { } path)
        {
            if (path.Before is { } older) _fragments.Remove(older.Id);
            path.Before = path.Credentials;
            path.Credentials = credentials;
        }
        else leg.Browser = new BrowserPath(credentials);
        _fragments[credentials.Id] = leg;
    }

    /// <summary>Applies what offer and answer with a browser settled.</summary>
    public void NegotiateBrowser(LegState leg, AudioAgreement agreement, LegCodecs codecs, BrowserPeer peer)
    {
        if (leg.Browser is not { } path) return;
        var isFirst = path.Peer is null;
        if (isFirst) Accept(leg, path, peer);
        else path.Follow(peer.Fragment);
        path.Peer = peer;
        if (!IsOfUse(path.Dtls, peer, isFirst)) DropDtls(leg, path);
        Agree(leg, agreement, codecs);
        leg.RtcpMux = leg.MayReport = true;
        leg.ReducedRtcp = peer.ReducedRtcp;
        if (path.Dtls is { State: DtlsState.Established } && !path.IsSecured) Secure(leg, path);
        else if (isFirst && path.HasFailed && peer.Role == DtlsRole.Passive) Lose(leg, path, PathFault.Handshake);
        else Begin(leg, path);
    }

    // Of several browsers that may be offered one leg this is the one; what another has begun comes to nothing.
    private void Accept(LegState leg, BrowserPath path, BrowserPeer peer)
    {
        Protect(leg, default);
        leg.HasRemote = leg.HasRemoteRtcp = leg.Flowing = false;
        leg.OutSocket = _browserSocket;
        path.Follow(peer.Fragment);
        path.ChooseAnew(); // What was nominated before may have been another browser's.
        path.LeaveOthers(source => Forget(source, leg));
        if (path.IsDtlsWithAnother) DropDtls(leg, path);
    }

    // A peer that shows another certificate later begins anew; one that never had what it announced is an impostor, which Secure tells.
    private static bool IsOfUse(DtlsSession? session, BrowserPeer peer, bool isFirst) => session switch
    {
        { State: DtlsState.Failed or DtlsState.Closed } => false,
        { State: DtlsState.Established } => isFirst || session.IsPeer(peer.Fingerprints),
        _ => true,
    };

    private void DropDtls(LegState leg, BrowserPath path)
    {
        path.DropDtls();
        _handshaking.Remove(leg);
        Protect(leg, default);
        leg.HasRemote = false;
    }

    // Somebody who is no browser answered the offer; the browser may still do so later.
    private static void LeavePath(LegState leg)
    {
        if (leg.Browser is not { Peer: not null } path) return;
        path.Peer = null;
        path.Unfollow();
        path.IsSecured = false;
        leg.ReducedRtcp = false;
        leg.OutSocket = leg.RtpSocket;
        leg.HasRemote = false;
    }

    private void ClosePath(LegState leg)
    {
        if (leg.Browser is not { } path) return;
        _fragments.Remove(path.Credentials.Id);
        if (path.Before is { } older) _fragments.Remove(older.Id);
        foreach (var source in path.Sources) Forget(source.Address, leg);
        if (path.Dtls is { } dtls)
        {
            dtls.Close();
            Flush(dtls, path.Selected);
            dtls.Dispose();
        }
        _handshaking.Remove(leg);
        leg.Browser = null;
    }

    /// <summary>Lets go of the way to a leg's browser; checks of it are not answered until another leg has taken it.</summary>
    public void DetachPath(LegState leg, GivenPath given)
    {
        if (leg.Browser is not { } path) return;
        given.Path = path;
        given.Sessions = new ProtectionChange(leg.Open is not null, leg.Protect, leg.Open);
        (leg.Browser, leg.Protect, leg.Open) = (null, null, null);
        leg.OutSocket = leg.RtpSocket;
        leg.HasRemote = false;
        _handshaking.Remove(leg);
        _fragments.Remove(path.Credentials.Id);
        if (path.Before is { } older) _fragments.Remove(older.Id);
        foreach (var source in path.Sources) Forget(source.Address, leg);
    }

    /// <summary>Goes on with what another leg has let go of.</summary>
    public void AttachPath(LegState leg, GivenPath given)
    {
        if (given.Path is not { } path) return;
        given.Path = null;
        Protect(leg, given.Sessions);
        leg.Browser = path;
        if (leg.IsBrowser) leg.OutSocket = _browserSocket;
        leg.RtcpMux = true;
        _fragments[path.Credentials.Id] = leg;
        if (path.Before is { } older) _fragments[older.Id] = leg;
        foreach (var source in path.Sources) _sources[source.Address] = leg;
        if (path.Dtls is { State: DtlsState.Handshaking }) _handshaking.Add(leg);
        path.ConsentLost = path.IsHandshakeTold = false; // Only the leg before was told.
        Follow(leg, path);
    }

    /// <summary>Nobody goes on with it.</summary>
    public static void DropPath(GivenPath given)
    {
        given.Sessions.Sender?.Dispose();
        given.Sessions.Receiver?.Dispose();
        given.Path?.Dtls?.Dispose();
        given.Path = null;
        given.Sessions = default;
    }

    private void Forget(in SocketName source, LegState leg)
    {
        if (_sources.TryGetValue(source, out var owner) && ReferenceEquals(owner, leg)) _sources.Remove(source);
    }

    private void OnBrowserDatagram(byte* data, int length, in SocketName from)
    {
        if (length == 0) return;
        if (*data < 4) OnCheck(new ReadOnlySpan<byte>(data, length), from);
        else if (!_sources.TryGetValue(from, out var leg) || leg.Browser is not { } path) return;
        else if (*data is >= 20 and < 64) OnDtls(leg, path, new ReadOnlySpan<byte>(data, length), from);
        else if (*data is >= 128 and < 192 && path.IsSecured) Take(leg, data, length, isRtcpPort: false, from);
    }

    private void OnCheck(ReadOnlySpan<byte> datagram, in SocketName from)
    {
        var answer = engine.Rent();
        var verdict = IceLite.Answer(
            datagram, from, new PathKeys(_fragments), new Span<byte>(answer, IceLite.MaxAnswer), out var length, out var fragment);
        if (verdict == IceVerdict.Ignored || !_fragments.TryGetValue(fragment, out var leg) || leg.Browser is not { } path) return;
        var sender = IceLite.SenderOf(datagram);
        if (!path.IsOfPeer(sender)) return; // Another browser was accepted.
        // One that came before is repeated because our answer was lost, or by somebody who caught it on its way: it says nothing new.
        var isNew = path.IsNew(IceLite.TransactionOf(datagram));
        if (isNew || path.SenderAt(from) is not null) engine.Send(_browserSocket, from, answer, length);
        if (!isNew || verdict == IceVerdict.Refused) return;
        // A late check of the session before a restart consents, but chooses nothing any more.
        var isCurrent = fragment == path.Credentials.Id;
        var nominated = isCurrent && verdict == IceVerdict.Nominated;
        if (nominated && path.Before is { } older)
        {
            _fragments.Remove(older.Id);
            path.ForgetBefore();
        }
        if (path.Checked(from, sender, new PathCheck(nominated, isCurrent, IceLite.PriorityOf(datagram)), _now, out var forgotten)) _sources[from] = leg;
        if (forgotten is { } gone) Forget(gone, leg);
        Follow(leg, path);
        Begin(leg, path);
    }

    // Sends to where the peer wants it, as soon as there are keys and while it consents.
    private void Follow(LegState leg, BrowserPath path)
    {
        if (!path.HasSelected || _now - path.ConsentAt >= ConsentLifetime) return;
        path.ConsentLost = false;
        if (!path.IsSecured) return;
        leg.RemoteRtp = path.Selected;
        leg.HasRemote = true;
    }

    // A lite side makes no checks of its own: those of the peer, which it goes on with, are its consent (RFC 7675 section 4). Without keys
    // it is watched as well: a peer that closed its DTLS, or never came through with it, must not keep its call for ever.
    private void CheckConsent(LegState leg)
    {
        if (leg.Browser is not { Peer: not null, HasSelected: true, ConsentLost: false } path || _now - path.ConsentAt < ConsentLifetime) return;
        path.ConsentLost = true;
        leg.HasRemote = false;
        tell(new PathLost(leg.Owner, PathFault.Consent));
    }

    private readonly struct PathKeys(Dictionary<ulong, LegState> fragments) : IIceKeys
    {
        public ReadOnlySpan<byte> KeyOf(ulong fragment)
        {
            if (!fragments.TryGetValue(fragment, out var leg) || leg.Browser is not { } path) return default;
            return path.Credentials.Id == fragment ? path.Credentials.Key : path.Before is { } before && before.Id == fragment ? before.Key : default;
        }
    }
}
