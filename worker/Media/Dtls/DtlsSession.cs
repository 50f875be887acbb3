using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Dtls;

/// <summary>Who begins the handshake (RFC 5763 section 5: a=setup).</summary>
public enum DtlsRole
{
    /// <summary>The peer sends the first message.</summary>
    Passive,

    /// <summary>We do.</summary>
    Active,
}

/// <summary>Where a session stands.</summary>
public enum DtlsState
{
    Handshaking,
    Established,

    /// <summary>The peer ended it in order.</summary>
    Closed,
    Failed,
}

/// <summary>
/// One DTLS association with a peer (RFC 6347), for its keys alone (RFC 5764). No socket and no thread: datagrams go in, datagrams come
/// out by <see cref="TryTake"/>, and whoever owns it calls <see cref="OnTimeout"/> when <see cref="TimeoutIn"/> is over. Not thread-safe.
/// </summary>
public sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>Octets of the largest datagram we send, which fits every path (RFC 8261 section 5 argues for the same).</summary>
    public const int MaxDatagram = 1200;

    /// <summary>Octets of the largest datagram that is looked at.</summary>
    public const int MaxReceived = 2048;

    private const int RecordHeader = 13;
    private const int RecordLengthAt = 11;
    private const ushort ProfileAesCm80 = 1;
    private const ushort ProfileAeadAes128 = 7;

    private nint _session;
    private readonly nint _in;
    private readonly nint _out;
    private readonly byte[] _waiting = new byte[16 * 1024];
    private int _waitingFrom;
    private int _waitingTo;

    public DtlsSession(DtlsContext context, DtlsRole role)
    {
        ArgumentNullException.ThrowIfNull(context);
        Role = role;
        _session = LibSsl.SSL_new(context.Handle);
        _in = LibSsl.BIO_new(LibSsl.BIO_s_mem());
        _out = LibSsl.BIO_new(LibSsl.BIO_s_mem());
        if (_session == 0 || _in == 0 || _out == 0) throw new CryptographicException("OpenSSL makes no DTLS session.");
        _ = LibSsl.BIO_ctrl(_in, LibSsl.ControlEmptyMeansRetry, new CLong(-1), null);
        _ = LibSsl.BIO_ctrl(_out, LibSsl.ControlEmptyMeansRetry, new CLong(-1), null);
        LibSsl.SSL_set_bio(_session, _in, _out); // They are the session's from now on.
        _ = LibSsl.SSL_ctrl(_session, LibSsl.ControlSetMtu, new CLong(MaxDatagram), null);
        if (role == DtlsRole.Active) LibSsl.SSL_set_connect_state(_session);
        else LibSsl.SSL_set_accept_state(_session);
    }

    public DtlsRole Role { get; }

    public DtlsState State { get; private set; }

    /// <summary>When to call <see cref="OnTimeout"/>; null when nothing waits for an answer.</summary>
    public TimeSpan? TimeoutIn
    {
        get
        {
            var left = default(LibSsl.TimeValue);
            return State == DtlsState.Handshaking && LibSsl.SSL_ctrl(_session, LibSsl.ControlGetTimeout, default, &left).Value == 1
                ? TimeSpan.FromMicroseconds((left.Seconds * 1_000_000) + left.Microseconds)
                : null;
        }
    }

    /// <summary>Begins the handshake, where that is ours to do.</summary>
    public void Start() => Step();

    /// <summary>Takes a datagram of the peer's. What makes no sense is passed over, as RFC 6347 section 4.1.2.7 wants.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (State is DtlsState.Closed or DtlsState.Failed || datagram.Length is < RecordHeader or > MaxReceived) return;
        fixed (byte* octets = datagram) _ = LibSsl.BIO_write(_in, octets, datagram.Length);
        if (State == DtlsState.Handshaking) Step();
        // Also after the handshake: the peer may repeat its last flight, or say that it goes.
        if (State == DtlsState.Established) Drain();
    }

    /// <summary>Sends again what was not answered in time.</summary>
    public void OnTimeout()
    {
        if (State != DtlsState.Handshaking) return;
        LibSsl.ERR_clear_error();
        // -1 after too many repetitions (RFC 6347 section 4.2.4 leaves the number to us; OpenSSL takes twelve).
        if (LibSsl.SSL_ctrl(_session, LibSsl.ControlHandleTimeout, default, null).Value < 0) State = DtlsState.Failed;
    }

    /// <summary>Says that we go. The datagram is to be taken and sent.</summary>
    public void Close()
    {
        if (State != DtlsState.Established) return;
        LibSsl.ERR_clear_error();
        _ = LibSsl.SSL_shutdown(_session);
        State = DtlsState.Closed;
    }

    /// <summary>The next datagram to send, of at most <see cref="MaxDatagram"/> octets where its records allow. False when there is none.</summary>
    /// <param name="destination">At least <see cref="MaxReceived"/> octets.</param>
    public bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        if (_session == 0) return false;
        if (_waitingFrom == _waitingTo) Refill();
        // The memory runs one record into the next: it is cut where records end, and as many go together as a datagram takes.
        while (RecordLength() is var record && record > 0 && (length == 0 || length + record <= MaxDatagram))
        {
            if (record > destination.Length - length) return length > 0;
            _waiting.AsSpan(_waitingFrom, record).CopyTo(destination[length..]);
            _waitingFrom += record;
            length += record;
        }
        return length > 0;
    }

    /// <summary>True when the peer's certificate has one of these hashes (RFC 8122 section 5.1 allows several).</summary>
    public bool IsPeer(IEnumerable<DtlsFingerprint> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        if (State != DtlsState.Established) return false;
        var certificate = LibSsl.SSL_get1_peer_certificate(_session);
        if (certificate == 0) return false;
        try
        {
            var der = new byte[Math.Max(0, LibSsl.i2d_X509(certificate, null))];
            fixed (byte* start = der)
            {
                var at = start;
                if (LibSsl.i2d_X509(certificate, &at) != der.Length) return false;
            }
            return fingerprints.Any(fingerprint => fingerprint.Matches(der));
        }
        finally
        {
            LibSsl.X509_free(certificate);
        }
    }

    /// <summary>The SRTP keys that the handshake settled (RFC 5764 section 4.2), ours to send with and the peer's. Null when it settled none.</summary>
    public (SrtpKey Local, SrtpKey Remote)? ExportKeys()
    {
        if (State != DtlsState.Established || Profile() is not { } profile) return null;
        const int keyLength = SrtpProfiles.KeyLength;
        var (salt, both) = (profile.SaltLength, profile.KeyAndSaltLength);
        Span<byte> material = stackalloc byte[2 * both];
        Span<byte> client = stackalloc byte[both];
        Span<byte> server = stackalloc byte[both];
        if (!TryExport(material)) return null;
        material[..keyLength].CopyTo(client);
        material.Slice(keyLength, keyLength).CopyTo(server);
        material.Slice(2 * keyLength, salt).CopyTo(client[keyLength..]);
        material.Slice((2 * keyLength) + salt, salt).CopyTo(server[keyLength..]);
        var (local, remote) = Role == DtlsRole.Active
            ? (SrtpKey.TryCreate(profile, client), SrtpKey.TryCreate(profile, server))
            : (SrtpKey.TryCreate(profile, server), SrtpKey.TryCreate(profile, client));
        CryptographicOperations.ZeroMemory(material);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
        return (local!, remote!);
    }

    public void Dispose()
    {
        if (_session != 0) LibSsl.SSL_free(_session);
        _session = 0;
        if (State != DtlsState.Failed) State = DtlsState.Closed;
    }

    private SrtpProfile? Profile()
    {
        var chosen = LibSsl.SSL_get_selected_srtp_profile(_session);
        return chosen is null ? null : (ushort)chosen->Id switch
        {
            ProfileAeadAes128 => SrtpProfile.AeadAes128Gcm,
            ProfileAesCm80 => SrtpProfile.AesCm128HmacSha1Tag80,
            _ => null,
        };
    }

    private bool TryExport(Span<byte> material)
    {
        var label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* output = material, name = label)
            return LibSsl.SSL_export_keying_material(_session, output, (nuint)material.Length, name, (nuint)label.Length, null, 0, 0) == 1;
    }

    private void Step()
    {
        LibSsl.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(_session);
        if (result == 1) State = DtlsState.Established;
        else if (LibSsl.SSL_get_error(_session, result) is not (LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)) State = DtlsState.Failed;
    }

    // Nobody sends data here (RFC 5764 section 4.1); what comes is read over.
    private void Drain()
    {
        var ignored = stackalloc byte[256];
        int result;
        do
        {
            LibSsl.ERR_clear_error();
            result = LibSsl.SSL_read(_session, ignored, 256);
        }
        while (result > 0);
        State = LibSsl.SSL_get_error(_session, result) switch
        {
            LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite => State,
            LibSsl.ErrorZeroReturn => DtlsState.Closed,
            _ => DtlsState.Failed,
        };
    }

    private void Refill()
    {
        _waitingFrom = 0;
        fixed (byte* buffer = _waiting) _waitingTo = Math.Max(0, LibSsl.BIO_read(_out, buffer, _waiting.Length));
    }

    // 0 at the end, and for a record that was cut off, which a flight of ours is too short for.
    private int RecordLength()
    {
        var left = _waiting.AsSpan(_waitingFrom, _waitingTo - _waitingFrom);
        if (left.Length < RecordHeader) return 0;
        var length = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(left[RecordLengthAt..]);
        return length <= left.Length ? length : 0;
    }
}
