using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Plane;

/// <summary>How one leg reaches its browser: what ICE found, and the DTLS session that gives the keys. Touched by the leg's shard alone.</summary>
internal sealed class BrowserPath(IceCredentials credentials)
{
    /// <summary>Addresses a peer may have proved at once; a browser tries a handful.</summary>
    private const int MaxSources = 8;

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

    /// <summary>Where we send: what the peer nominated last, and before that the first address that proved itself.</summary>
    public SocketName Selected { get; private set; }

    public bool HasSelected { get; private set; }

    public bool IsNominated { get; private set; }

    /// <summary>When the peer was last heard to consent (RFC 7675), by the media clock.</summary>
    public long ConsentAt { get; private set; }

    public bool ConsentLost { get; set; }

    /// <summary>Addresses that proved themselves, the oldest first.</summary>
    public List<SocketName> Sources { get; } = new(MaxSources);

    /// <summary>A check from there held.</summary>
    /// <param name="forgotten">An address that had to make room.</param>
    /// <returns>True when that address is new.</returns>
    public bool Checked(in SocketName from, bool nominated, long now, out SocketName? forgotten)
    {
        forgotten = null;
        if (nominated || !HasSelected)
        {
            Selected = from;
            HasSelected = true;
            IsNominated |= nominated;
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
}
