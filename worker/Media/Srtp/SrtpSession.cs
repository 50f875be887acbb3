using System.Buffers.Binary;

namespace ClickToDial.Media.Srtp;

/// <summary>
/// One direction of a protected stream: either it protects what we send, or it checks and opens what came. Works in place on
/// the caller's buffer, allocates nothing per packet, and belongs to one thread at a time. State (replay window, rollover
/// counter, new sources) moves only after the tag was accepted (RFC 3711 section 3.3).
/// </summary>
public sealed class SrtpSession : IDisposable
{
    /// <summary>Sources (SSRCs) one session follows. A call needs one, and another after each renegotiation.</summary>
    public const int MaxSources = 32;

    private const int RtpHeaderLength = 12;
    private const int RtcpHeaderLength = 8;
    private const int RtcpIndexLength = 4;

    private readonly SrtpHandle _handle;
    private readonly SrtpProfile _profile;
    private readonly int _keyIdLength;
    private readonly ulong _lifetime;
    private readonly uint[] _sources = new uint[MaxSources];
    private readonly bool _isSender;
    private int _sourceCount;
    private ulong _packets;

    private SrtpSession(SrtpKey key, bool isSender, MasterKeyId? keyId, ulong lifetime)
    {
        SrtpLibrary.EnsureAvailable();
        var status = LibSrtp.Create(key, isSender, keyId, out _handle);
        if (status != SrtpStatus.Ok)
        {
            _handle.Dispose();
            throw new NotSupportedException($"libsrtp2 does not open {key.Profile.Suite} (srtp_create: {(int)status}); this build may lack the cipher.");
        }
        _profile = key.Profile;
        _isSender = isSender;
        _keyIdLength = keyId?.Length ?? 0;
        _lifetime = lifetime;
    }

    public SrtpProfile Profile => _profile;

    public SrtpCounters Counters { get; private set; }

    /// <summary>Octets that protection adds to an RTP packet.</summary>
    public int RtpOverhead => _profile.RtpTagLength + _keyIdLength;

    /// <summary>Octets that protection adds to an RTCP datagram.</summary>
    public int RtcpOverhead => _profile.RtcpTagLength + _keyIdLength + RtcpIndexLength;

    /// <summary>For what we send. The key may be disposed afterwards: the session holds what it derived from it.</summary>
    /// <param name="keyId">Carried in each packet when it was agreed.</param>
    /// <param name="lifetime">Packets, RTP and RTCP together, before the key has to be changed.</param>
    /// <exception cref="DllNotFoundException">libsrtp2 is missing.</exception>
    /// <exception cref="NotSupportedException">The installed library has not the cipher of this profile.</exception>
    public static SrtpSession OpenSender(SrtpKey key, MasterKeyId? keyId = null, ulong lifetime = ulong.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new SrtpSession(key, isSender: true, keyId, lifetime);
    }

    /// <summary>For what the peer sends. Otherwise as <see cref="OpenSender"/>.</summary>
    /// <exception cref="DllNotFoundException">libsrtp2 is missing.</exception>
    /// <exception cref="NotSupportedException">The installed library has not the cipher of this profile.</exception>
    public static SrtpSession OpenReceiver(SrtpKey key, MasterKeyId? keyId = null, ulong lifetime = ulong.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new SrtpSession(key, isSender: false, keyId, lifetime);
    }

    /// <summary>Encrypts the RTP packet in the first <paramref name="length"/> octets of <paramref name="buffer"/> and adds the tag.</summary>
    /// <param name="buffer">The packet and at least <see cref="RtpOverhead"/> octets more.</param>
    public unsafe SrtpVerdict ProtectRtp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = length;
        var verdict = BeforeProtect(buffer, length, RtpHeaderLength, RtpOverhead);
        if (verdict == SrtpVerdict.Accepted && RtpHeaderOf(buffer[..length]) == 0) verdict = SrtpVerdict.Malformed;
        if (verdict != SrtpVerdict.Accepted) return Count(verdict);
        fixed (byte* packet = buffer)
            return Finish(LibSrtp.ProtectRtp(_handle, packet, ref protectedLength, UseKeyId, 0), buffer, 8);
    }

    /// <summary>Checks and decrypts an RTP packet in place; on success the first <paramref name="length"/> octets are the plain packet.</summary>
    /// <remarks>A packet that was not accepted is not to be used: its octets may be half changed.</remarks>
    public unsafe SrtpVerdict UnprotectRtp(Span<byte> packet, out int length)
    {
        length = packet.Length;
        var header = RtpHeaderOf(packet);
        if (header == 0 || packet.Length < header + RtpOverhead) return Count(SrtpVerdict.Malformed);
        if (BeforeUnprotect(packet, 8) is var verdict && verdict != SrtpVerdict.Accepted) return Count(verdict);
        fixed (byte* octets = packet)
            return Finish(LibSrtp.UnprotectRtp(_handle, octets, ref length, UseKeyId), packet, 8);
    }

    /// <summary>As <see cref="ProtectRtp"/>, for a compound RTCP datagram and <see cref="RtcpOverhead"/>.</summary>
    public unsafe SrtpVerdict ProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = length;
        var verdict = BeforeProtect(buffer, length, RtcpHeaderLength, RtcpOverhead);
        if (verdict == SrtpVerdict.Accepted && buffer[0] >> 6 != 2) verdict = SrtpVerdict.Malformed;
        if (verdict != SrtpVerdict.Accepted) return Count(verdict);
        fixed (byte* packet = buffer)
            return Finish(LibSrtp.ProtectRtcp(_handle, packet, ref protectedLength, UseKeyId, 0), buffer, 4);
    }

    /// <summary>As <see cref="UnprotectRtp"/>, for a compound RTCP datagram.</summary>
    public unsafe SrtpVerdict UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = packet.Length;
        if (packet.Length < RtcpHeaderLength + RtcpOverhead || packet[0] >> 6 != 2) return Count(SrtpVerdict.Malformed);
        if (BeforeUnprotect(packet, 4) is var verdict && verdict != SrtpVerdict.Accepted) return Count(verdict);
        fixed (byte* octets = packet)
            return Finish(LibSrtp.UnprotectRtcp(_handle, octets, ref length, UseKeyId), packet, 4);
    }

    public void Dispose() => _handle.Dispose();

    private uint UseKeyId => _keyIdLength > 0 ? 1u : 0u;

    private SrtpVerdict BeforeProtect(ReadOnlySpan<byte> buffer, int length, int headerLength, int overhead)
    {
        if (!_isSender) throw new InvalidOperationException("This session opens packets; it does not protect them.");
        if (length < headerLength || length > buffer.Length) return SrtpVerdict.Malformed;
        if (buffer.Length - length < overhead) return SrtpVerdict.NoRoom;
        return _packets >= _lifetime ? SrtpVerdict.KeyExpired : SrtpVerdict.Accepted;
    }

    private SrtpVerdict BeforeUnprotect(ReadOnlySpan<byte> packet, int ssrcAt)
    {
        if (_isSender) throw new InvalidOperationException("This session protects packets; it does not open them.");
        if (_packets >= _lifetime) return SrtpVerdict.KeyExpired;
        return _sourceCount == MaxSources && !Knows(Ssrc(packet, ssrcAt)) ? SrtpVerdict.TooManySources : SrtpVerdict.Accepted;
    }

    private SrtpVerdict Finish(SrtpStatus status, ReadOnlySpan<byte> packet, int ssrcAt)
    {
        var verdict = status switch
        {
            SrtpStatus.Ok => SrtpVerdict.Accepted,
            SrtpStatus.AuthenticationFailed or SrtpStatus.CipherFailed => SrtpVerdict.AuthenticationFailed,
            SrtpStatus.ReplayFailed => SrtpVerdict.Replayed,
            SrtpStatus.ReplayOld or SrtpStatus.IndexOld => SrtpVerdict.TooOld,
            SrtpStatus.KeyExpired => SrtpVerdict.KeyExpired,
            SrtpStatus.BadKeyId => SrtpVerdict.UnknownKeyId,
            SrtpStatus.BadParameter or SrtpStatus.ParseError => SrtpVerdict.Malformed,
            _ => SrtpVerdict.Failed,
        };
        if (verdict == SrtpVerdict.Accepted)
        {
            _packets++;
            if (!_isSender) Remember(Ssrc(packet, ssrcAt));
        }
        return Count(verdict);
    }

    private SrtpVerdict Count(SrtpVerdict verdict)
    {
        Counters = Counters.With(verdict);
        return verdict;
    }

    private bool Knows(uint ssrc) => _sources.AsSpan(0, _sourceCount).Contains(ssrc);

    private void Remember(uint ssrc)
    {
        if (_sourceCount < MaxSources && !Knows(ssrc)) _sources[_sourceCount++] = ssrc;
    }

    private static uint Ssrc(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);

    // RFC 3550 section 5.1: fixed part, CSRC list, extension. 0 when the packet ends before its header does.
    private static int RtpHeaderOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpHeaderLength || packet[0] >> 6 != 2) return 0;
        var length = RtpHeaderLength + (4 * (packet[0] & 0x0F));
        if ((packet[0] & 0x10) == 0) return length <= packet.Length ? length : 0;
        if (packet.Length < length + 4) return 0;
        length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]));
        return length <= packet.Length ? length : 0;
    }
}
