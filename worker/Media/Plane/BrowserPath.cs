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

    private long? _nominatedAt; // null: what is selected was not nominated
    private uint _priority;

    /// <summary>What holds now; after a restart of ICE the old ones hold as well, until the peer has chosen by the new.</summary>
    public IceCredentials Credentials { get; set; } = credentials;

    public IceCredentials? Before { get; set; }

    /// <summary>Null until offer and answer are through, and again when somebody else than a browser answered.</summary>
    public BrowserPeer? Peer { get; set; }

    public DtlsSession? Dtls { get; set; }

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

    /// <summary>Addresses that proved themselves, the oldest first.</summary>
    public List<SocketName> Sources { get; } = new(MaxSources);

    /// <summary>ICE began anew: what was nominated before counts no more.</summary>
    public void ChooseAnew() => _nominatedAt = null;

    /// <summary>A check from there held.</summary>
    /// <param name="forgotten">An address that had to make room.</param>
    /// <returns>True when that address is new.</returns>
    public bool Checked(in SocketName from, in PathCheck check, long now, out SocketName? forgotten)
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
            if (known.SameAs(from)) return false;
        if (Sources.Count == MaxSources)
        {
            var oldest = Sources[0].SameAs(Selected) ? 1 : 0;
            forgotten = Sources[oldest];
            Sources.RemoveAt(oldest);
        }
        Sources.Add(from);
        return true;
    }

    // A peer of RFC 5245 may nominate by every check, and later checks the path it uses without nominating it.
    private bool IsChoice(in SocketName from, in PathCheck check, long now)
    {
        if (!HasSelected) return true;
        if (check.Nominates) return check.Priority >= _priority || _nominatedAt is not { } at || now - at > Stale;
        return check.IsCurrent && !from.SameAs(Selected) && now - ConsentAt > Stale;
    }
}

/// <summary>What a check of connectivity says of the path it came by.</summary>
/// <param name="IsCurrent">It was made by the credentials that hold, not by those before a restart.</param>
/// <param name="Priority">0 when it says none.</param>
internal readonly record struct PathCheck(bool Nominates, bool IsCurrent, uint Priority);
