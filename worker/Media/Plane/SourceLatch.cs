using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Decides whose packets a leg takes (hosted NAT traversal of RFC 7362 section 4). SDP tells an address, but a phone behind a
/// NAT sends from another one: the first sender of well-formed packets of an agreed payload type is latched, however long after
/// the negotiation it begins. For some seconds from then the announced address, should it speak, replaces a latched stranger,
/// never the other way round. After that the source moves only when it has been silent for a while and goes on from elsewhere as
/// the same stream: who cannot see its packets does not know its SSRC. At once when media has been authenticated, the source is
/// locked.
/// </summary>
internal struct SourceLatch
{
    // A NAT that gives a flow a new port does so after a pause; a live stream has one packet in 20 ms.
    private const long Silence = 1_000_000_000;

    private SocketName _announced;
    private SocketName _latched;
    private long _openUntil;
    private long _window;
    private long _lastAt;
    private uint _ssrc;
    private bool _isNegotiated;
    private bool _hasAnnounced;
    private bool _isLatched;
    private bool _locked;

    /// <summary>Where packets come from; meaningful when <see cref="IsLatched"/>.</summary>
    public readonly SocketName Source => _latched;

    public readonly bool IsLatched => _isLatched;

    /// <summary>
    /// A negotiation told an address. The same address again opens no door once somebody is latched, so a session refresh is
    /// harmless; another address opens it to whoever speaks first.
    /// </summary>
    /// <param name="announced">Null when the description had none (a name, or hold by 0.0.0.0).</param>
    /// <param name="window">
    /// Nanoseconds from the first packet in which the announced address may still take over; 0 takes no other than the announced.
    /// </param>
    public void Negotiate(SocketName? announced, long now, long window)
    {
        if (announced is { } name)
        {
            if (_hasAnnounced && _isLatched && _announced.SameAs(name)) return;
            _announced = name;
        }
        else if (!_hasAnnounced && _isLatched) return;
        _hasAnnounced = announced is not null;
        _locked = false;
        _isLatched = false;
        _isNegotiated = true;
        _window = window;
        _openUntil = now + window;
    }

    /// <summary>True when a packet from there is to be taken. Call it only for packets that are otherwise in order.</summary>
    public bool Accept(in SocketName from, uint ssrc, long now)
    {
        if (!(_isLatched && _latched.SameAs(from)))
        {
            if (_locked || !_isNegotiated || !(_isLatched ? MayMove(from, ssrc, now) : MayBegin(from))) return false;
            if (!_isLatched) _openUntil = now + _window;
            _latched = from;
            _isLatched = true;
        }
        _ssrc = ssrc;
        _lastAt = now;
        return true;
    }

    /// <summary>
    /// A packet proved itself by cryptography: it comes from the peer, wherever the peer has moved to. Nothing unproved is taken
    /// after it, until a negotiation names another address.
    /// </summary>
    public void Prove(in SocketName from)
    {
        _latched = from;
        _isLatched = true;
        _locked = true;
    }

    private readonly bool MayBegin(in SocketName from) => _window > 0 || !_hasAnnounced || _announced.SameAs(from);

    private readonly bool MayMove(in SocketName from, uint ssrc, long now) =>
        (now <= _openUntil && _hasAnnounced && _announced.SameAs(from))
        || (_window > 0 && ssrc == _ssrc && now - _lastAt > Silence);
}
