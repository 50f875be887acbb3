using System.Text;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Plane;

/// <summary>How one leg reaches its browser: what ICE found, and the DTLS session that gives the keys. Touched by the leg's shard alone.</summary>
internal sealed class BrowserPath(IceCredentials credentials)
{
    /// <summary>Addresses a peer may have proved at once; a browser tries a handful.</summary>
    private const int MaxSources = 8;

    /// <summary>
    /// What was said so long ago no longer stands against what is said now. Longer than the peer may pause between checks of the path it
    /// uses (6 s, RFC 7675 section 5.1), shorter than its consent lasts.
    /// </summary>
    private const long Stale = 10_000_000_000;

    /// <summary>
    /// Checks that are remembered, so that one that somebody caught on its way and sends again from elsewhere moves nothing: at the pace of
    /// browsers, one in 2.5 s, those of 20 minutes.
    /// </summary>
    private const int MaxTransactions = 512;

    private readonly ulong[] _transactions = new ulong[MaxTransactions];
    private int _nextTransaction;
    private long? _nominatedAt; // null: what is selected was not nominated
    private uint _priority;
    private byte[]? _peer;
    private byte[]? _peerBefore;
    private byte[]? _dtlsPeer;
    private byte[]? _failedPeer;

    /// <summary>What holds now; after a restart of ICE the old ones hold as well, until the peer has chosen by the new.</summary>
    public IceCredentials Credentials { get; set; } = credentials;

    public IceCredentials? Before { get; set; }

    /// <summary>Null until offer and answer are through, and again when somebody else than a browser answered.</summary>
    public BrowserPeer? Peer { get; set; }

    public DtlsSession? Dtls { get; private set; }

    /// <summary>When the handshake has to be driven on, by the media clock; <see cref="long.MaxValue"/> for never.</summary>
    public long DtlsDue { get; set; } = long.MaxValue;

    /// <summary>The certificate was compared and the keys are in use.</summary>
    public bool IsSecured { get; set; }

    /// <summary>
    /// Where we send: of what the peer nominates the one of the highest priority (RFC 5245 section 8.1.1.2), before that the first address
    /// that proved itself, and where it still checks when it has ceased to check that.
    /// </summary>
    public SocketName Selected { get; private set; }

    public bool HasSelected { get; private set; }

    /// <summary>When the peer was last heard to consent (RFC 7675), by the media clock.</summary>
    public long ConsentAt { get; private set; }

    public bool ConsentLost { get; set; }

    /// <summary>Since when a peer that is there has had no keys, by the media clock; null while none is missing.</summary>
    public long? UnsecuredFrom { get; set; }

    /// <summary>That the present attempt at keys has failed was told.</summary>
    public bool IsHandshakeTold { get; set; }

    /// <summary>Addresses that proved themselves, the oldest first.</summary>
    public List<PathSource> Sources { get; } = new(MaxSources);

    /// <summary>ICE began anew: what was nominated before counts no more.</summary>
    public void ChooseAnew() => _nominatedAt = null;

    /// <summary>
    /// From now on this is the peer, by its fragment. When it has another than before, it began ICE anew, and the one before holds until it has
    /// chosen.
    /// </summary>
    public void Follow(string fragment)
    {
        var octets = Encoding.UTF8.GetBytes(fragment);
        if (Same(_peer, octets)) return;
        if (_peer is not null && Same(_dtlsPeer, _peer)) _dtlsPeer = octets; // ICE alone begins anew.
        (_peerBefore, _peer) = (_peer, octets);
    }

    /// <summary>Who the peer is, is open again.</summary>
    public void Unfollow() => _peer = _peerBefore = null;

    /// <summary>The peer has chosen: what held before its restart holds no more.</summary>
    public void ForgetBefore()
    {
        Before = null;
        _peerBefore = null;
        ChooseAnew();
    }

    /// <summary>True for checks of the peer; of anybody who was offered the leg, until one of them has been accepted.</summary>
    /// <param name="sender">The fragment of who checks.</param>
    public bool IsOfPeer(ReadOnlySpan<byte> sender) => _peer is null || Same(_peer, sender) || Same(_peerBefore, sender);

    /// <summary>False for a check that came before; otherwise it is remembered.</summary>
    public bool IsNew(ulong transaction)
    {
        if (_transactions.AsSpan().Contains(transaction)) return false;
        _transactions[_nextTransaction] = transaction;
        _nextTransaction = (_nextTransaction + 1) % MaxTransactions;
        return true;
    }

    /// <summary>Null for an address that has not proved itself.</summary>
    public byte[]? SenderAt(in SocketName address)
    {
        foreach (var known in Sources)
            if (known.Address.SameAs(address)) return known.Sender;
        return null;
    }

    /// <summary>Leaves addresses of others than the peer, and does not send there any more.</summary>
    /// <param name="forgotten">Called for each.</param>
    public void LeaveOthers(Action<SocketName> forgotten)
    {
        for (var i = Sources.Count - 1; i >= 0; i--)
        {
            var source = Sources[i];
            if (IsOfPeer(source.Sender)) continue;
            Sources.RemoveAt(i);
            if (source.Address.SameAs(Selected)) HasSelected = false;
            forgotten(source.Address);
        }
    }

    /// <param name="sender">The fragment of who began, or for whom we do.</param>
    public DtlsSession Open(DtlsContext context, DtlsRole role, byte[]? sender)
    {
        _dtlsPeer = sender ?? _peer;
        return Dtls = new DtlsSession(context, role);
    }

    /// <param name="failed">Its peer could not, and will not try again; to be remembered should it be accepted yet.</param>
    public void DropDtls(bool failed = false)
    {
        if (failed) _failedPeer = _dtlsPeer;
        Dtls?.Dispose();
        Dtls = null;
        DtlsDue = long.MaxValue;
        IsSecured = false;
        ChooseAnew();
    }

    /// <summary>True when the handshake of who is the peer now failed before it was accepted, and it has begun none since.</summary>
    public bool HasFailed => Dtls is null && _failedPeer is not null && Same(_peer, _failedPeer);

    /// <summary>True when the peer has ceased to check the path that is sent by: it is as good as gone.</summary>
    public bool IsStale(long now) => now - ConsentAt > Stale;

    /// <summary>True when the DTLS session is with the one of that fragment.</summary>
    public bool IsDtlsWith(byte[]? sender) => sender is not null && Same(_dtlsPeer, sender);

    /// <summary>True when the DTLS session is with somebody who is not the peer.</summary>
    public bool IsDtlsWithAnother => Dtls is not null && _dtlsPeer is not null && !IsOfPeer(_dtlsPeer);

    /// <summary>A check from there held.</summary>
    /// <param name="sender">The fragment of who checks.</param>
    /// <param name="forgotten">An address that had to make room.</param>
    /// <returns>True when that address is new.</returns>
    public bool Checked(in SocketName from, ReadOnlySpan<byte> sender, in PathCheck check, long now, out SocketName? forgotten)
    {
        forgotten = null;
        if (IsChoice(from, check, now))
        {
            Selected = from;
            HasSelected = true;
            _priority = check.Priority;
            _nominatedAt = check.Nominates ? now : null;
        }
        if (from.SameAs(Selected)) ConsentAt = now;
        foreach (var known in Sources)
            if (known.Address.SameAs(from)) return false;
        if (Sources.Count == MaxSources)
        {
            var oldest = Sources[0].Address.SameAs(Selected) ? 1 : 0;
            forgotten = Sources[oldest].Address;
            Sources.RemoveAt(oldest);
        }
        Sources.Add(new PathSource(from, sender.ToArray()));
        return true;
    }

    private static bool Same(byte[]? known, ReadOnlySpan<byte> fragment) => known is not null && fragment.SequenceEqual(known);

    // A peer of RFC 5245 may nominate by every check, and later checks the path it uses without nominating it.
    private bool IsChoice(in SocketName from, in PathCheck check, long now)
    {
        if (!HasSelected) return true;
        if (check.Nominates) return check.Priority >= _priority || _nominatedAt is not { } at || now - at > Stale;
        return check.IsCurrent && !from.SameAs(Selected) && now - ConsentAt > Stale;
    }
}

/// <summary>An address that proved itself.</summary>
/// <param name="Sender">The fragment it proved itself with; until one is accepted, several browsers may be offered the same leg.</param>
internal readonly record struct PathSource(SocketName Address, byte[] Sender);

/// <summary>What a check of connectivity says of the path it came by.</summary>
/// <param name="IsCurrent">It was made by the credentials that hold, not by those before a restart.</param>
/// <param name="Priority">0 when it says none.</param>
internal readonly record struct PathCheck(bool Nominates, bool IsCurrent, uint Priority);
