using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Decides whose packets a leg takes (hosted NAT traversal of RFC 7362 section 4). SDP tells an address, but a phone behind a
/// NAT sends from another one: in the first seconds after negotiation the first sender of well-formed packets of an agreed
/// payload type is latched. The announced address, should it speak in that time, replaces a latched stranger, never the other
/// way round. After that time, and at once when media has been authenticated, the source is locked; then, and without any
/// packet so far, only the announced address is taken.
/// </summary>
internal struct SourceLatch
{
    private SocketName _announced;
    private SocketName _latched;
    private long _openUntil;
    private bool _hasAnnounced;
    private bool _isLatched;
    private bool _locked;

    /// <summary>Where packets come from; meaningful when <see cref="IsLatched"/>.</summary>
    public readonly SocketName Source => _latched;

    public readonly bool IsLatched => _isLatched;

    /// <summary>
    /// A negotiation told an address. The same address again opens no door once somebody is latched, so a session refresh is
    /// harmless; while nobody is, it opens the window anew: between the offer and the answer a phone may have rung for long, and
    /// behind a NAT its first packet comes only then.
    /// </summary>
    /// <param name="announced">Null when the description had none (a name, or hold by 0.0.0.0).</param>
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
        _openUntil = now + window;
    }

    /// <summary>True when a packet from there is to be taken. Call it only for packets that are otherwise in order.</summary>
    public bool Accept(in SocketName from, long now)
    {
        if (_isLatched && _latched.SameAs(from)) return true;
        if (_locked) return false;
        var announced = _hasAnnounced && _announced.SameAs(from);
        if (now > _openUntil ? _isLatched || !announced : _isLatched && !announced) return false;
        _latched = from;
        _isLatched = true;
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
}
