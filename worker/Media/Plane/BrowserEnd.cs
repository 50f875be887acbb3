using System.Net;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;

namespace ClickToDial.Media.Plane;

/// <summary>What a browser has to be told of our end: it reaches every leg at the same address, and says by the fragment whom it means.</summary>
/// <param name="Credentials">Of this leg, and of no other.</param>
/// <param name="Fingerprint">Of the certificate we show.</param>
/// <param name="Port">For UDP and, where <paramref name="HasTcp"/>, for TCP.</param>
public sealed record BrowserEnd(IceCredentials Credentials, DtlsFingerprint Fingerprint, IPAddress Address, int Port, bool HasTcp);

/// <summary>What a browser said of its end.</summary>
/// <param name="Fragment">Its a=ice-ufrag: another one than before means that it begins ICE anew (RFC 8445 section 9).</param>
/// <param name="Fingerprints">Of its certificate; at least one.</param>
/// <param name="Role">What is ours in the handshake.</param>
/// <param name="Mid">Its name for the line (RFC 9143), which later offers of ours repeat; null where it gave none.</param>
/// <param name="ReducedRtcp">It takes RTCP that does not begin with a report (RFC 5506).</param>
public sealed record BrowserPeer(
    string Fragment, IReadOnlyList<DtlsFingerprint> Fingerprints, DtlsRole Role, string? Mid = null, bool ReducedRtcp = false);

/// <summary>
/// The way to a browser between two legs: the one has let go of it, the other is to take it. ICE, DTLS and SRTP go on as they are, so the
/// browser need not be asked. Who has no leg for it drops it.
/// </summary>
public sealed class GivenPath
{
    internal GivenPath(BrowserEnd end, string? peerFragment, Shard shard) => (End, PeerFragment, Shard) = (end, peerFragment, shard);

    internal BrowserEnd End { get; }

    internal string? PeerFragment { get; }

    internal Shard Shard { get; }

    // Set and taken by the shard alone.
    internal BrowserPath? Path { get; set; }

    internal ProtectionChange Sessions { get; set; }

    /// <summary>Ends it: nobody goes on with it.</summary>
    public void Drop() => Shard.Post(_ => Relay.DropPath(this));
}
