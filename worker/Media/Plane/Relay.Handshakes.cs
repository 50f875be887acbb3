using ClickToDial.Media.Dtls;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>Handshakes with browsers, and the keys that come of them (RFC 5763, RFC 5764). Addresses have proved themselves before.</summary>
internal sealed unsafe partial class Relay
{
    // A hello that is lost is repeated 1, 3 and 7 s after the first (RFC 6347 section 4.2.4.1), by browsers far sooner; and nobody waits longer for sound.
    private const long HandshakeLimit = 15 * Second;
    private readonly List<LegState> _handshaking = [];

    // The peer waits for our first message only if it said so.
    private void Begin(LegState leg, BrowserPath path)
    {
        if (path is not { Dtls: null, HasSelected: true, Peer.Role: DtlsRole.Active }) return;
        OpenDtls(leg, path, DtlsRole.Active, sender: null).Start();
        Drive(leg, path);
    }

    private DtlsSession OpenDtls(LegState leg, BrowserPath path, DtlsRole role, byte[]? sender)
    {
        _handshaking.Add(leg);
        return path.Open(_dtls!, role, sender);
    }

    private void OnDtls(LegState leg, BrowserPath path, ReadOnlySpan<byte> datagram, in SocketName from)
    {
        // Before its answer has come by signalling, the peer that begins is the active one.
        if (path.Dtls is null && path.Peer is { Role: DtlsRole.Active }) return;
        var sender = path.SenderAt(from);
        // Of several that were offered the leg one has begun; the others repeat themselves, and have their turn should one of them be accepted.
        if (path is { Dtls: not null, Peer: null } && !path.IsDtlsWith(sender)) return;
        var session = path.Dtls ?? OpenDtls(leg, path, DtlsRole.Passive, sender);
        var before = session.State;
        session.Receive(datagram);
        Flush(session, from);
        if (session.State == before)
        {
            if (before == DtlsState.Handshaking) NoteDue(path);
            return;
        }
        _handshaking.Remove(leg);
        path.DtlsDue = long.MaxValue;
        if (session.State == DtlsState.Established) Secure(leg, path);
        else OnDtlsEnd(leg, path, session.State);
    }

    private void OnDtlsEnd(LegState leg, BrowserPath path, DtlsState end)
    {
        _handshaking.Remove(leg);
        if (path.Peer is null) path.DropDtls(failed: end == DtlsState.Failed); // Nobody has accepted who that was: it is nothing to the leg, which may be a phone's by now.
        else if (end == DtlsState.Failed) Lose(leg, path, PathFault.Handshake);
        else leg.HasRemote = path.IsSecured = false; // It said that it goes; the signalling will say why.
    }

    private void Secure(LegState leg, BrowserPath path)
    {
        // The offer went out, but the answer with the fingerprint has not come: the keys wait.
        if (path.Peer is not { } peer || path.Dtls is not { } session) return;
        if (!session.IsPeer(peer.Fingerprints))
        {
            Lose(leg, path, PathFault.Fingerprint);
            return;
        }
        if (session.ExportKeys() is not { } keys || !TryProtect(leg, keys.Local, keys.Remote))
        {
            Lose(leg, path, PathFault.Handshake);
            return;
        }
        path.IsSecured = true;
        Follow(leg, path);
    }

    // What libsrtp2 refuses costs this leg its path, never the shard its thread.
    private static bool TryProtect(LegState leg, SrtpKey local, SrtpKey remote)
    {
        SrtpSession? sender = null;
        try
        {
            sender = SrtpSession.OpenSender(local);
            Protect(leg, new ProtectionChange(true, sender, SrtpSession.OpenReceiver(remote)));
            return true;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException)
        {
            sender?.Dispose();
            return false;
        }
        finally
        {
            local.Dispose();
            remote.Dispose();
        }
    }

    private void Lose(LegState leg, BrowserPath path, PathFault fault)
    {
        leg.HasRemote = false;
        path.IsSecured = false;
        path.IsHandshakeTold = true;
        tell(new PathLost(leg.Owner, fault));
    }

    private void Drive(LegState leg, BrowserPath path)
    {
        if (path.Dtls is not { } session) return;
        session.OnTimeout();
        Flush(session, path.Selected);
        NoteDue(path);
        if (session.State == DtlsState.Failed) OnDtlsEnd(leg, path, session.State);
    }

    private void NoteDue(BrowserPath path) =>
        path.DtlsDue = path.Dtls?.TimeoutIn is { } left ? _now + (long)left.TotalNanoseconds : long.MaxValue;

    private void Flush(DtlsSession session, in SocketName to)
    {
        while (true)
        {
            var buffer = engine.Rent();
            if (!session.TryTake(new Span<byte>(buffer, PacketBuffers.Size), out var length)) return;
            engine.Send(_browserSocket, to, buffer, length);
        }
    }

    /// <summary>Repeats what was not answered; returns when the next handshake has to be looked at.</summary>
    private long DriveHandshakes()
    {
        var due = long.MaxValue;
        for (var i = _handshaking.Count - 1; i >= 0; i--)
        {
            var leg = _handshaking[i];
            var path = leg.Browser!;
            if (path.DtlsDue <= _now) Drive(leg, path);
            due = Math.Min(due, path.DtlsDue);
        }
        return due;
    }

    // Who is there, but does not come through with its handshake, is as one whose handshake fails. Who is gone is missed by its consent.
    private void CheckHandshake(LegState leg)
    {
        if (leg.Browser is not { } path) return;
        if (path is not { Peer: not null, HasSelected: true, IsSecured: false, Dtls: null or { State: DtlsState.Handshaking } })
        {
            path.UnsecuredFrom = null;
            path.IsHandshakeTold = false;
            return;
        }
        path.UnsecuredFrom ??= _now;
        if (!path.IsHandshakeTold && _now - path.UnsecuredFrom >= HandshakeLimit && !path.IsStale(_now)) Lose(leg, path, PathFault.Handshake);
    }
}
