using System.Runtime.CompilerServices;

namespace ClickToDial.Media.Rtp;

/// <summary>
/// The one stream a leg sends, whatever feeds it: prompt, tone, key presses or the other leg. SSRC and sequence go on across
/// sources, so a phone sees no new stream when ringback turns into speech; the timestamp jumps by the time that passed, and
/// the marker bit tells the beginning of a talk spurt (RFC 3550 section 5.1, RFC 3551 section 4.1). Gaps and disorder of a
/// relayed stream are kept, so the receiver's own loss figures stay true.
/// </summary>
public struct OutgoingRtp(uint ssrc, ushort firstSequence, uint firstTimestamp)
{
    private uint _sourceSsrc;
    private int _source;
    private ushort _sequenceOffset;
    private uint _timestampOffset;
    private ushort _lastSequence = (ushort)(firstSequence - 1);
    private uint _lastTimestamp = firstTimestamp;
    private long _lastAt = long.MinValue;
    private int _clockRate = 8000;

    public readonly uint Ssrc => ssrc;

    /// <summary>The SSRC of the relayed stream that now feeds this one.</summary>
    public readonly uint SourceSsrc => _sourceSsrc;

    /// <summary>What was added to the source's timestamps and sequence numbers, for RTCP to follow.</summary>
    public readonly uint TimestampOffset => _timestampOffset;

    public readonly ushort SequenceOffset => _sequenceOffset;

    /// <summary>Where the stream's clock stands, for a sender report.</summary>
    /// <param name="now">Nanoseconds.</param>
    public readonly uint TimestampAt(long now) =>
        _lastAt == long.MinValue ? _lastTimestamp : _lastTimestamp + (uint)(long)((now - _lastAt) * (Int128)_clockRate / 1_000_000_000);

    /// <summary>Makes a packet of another stream part of this one, in place.</summary>
    /// <param name="source">Identity of the feeding leg, above 0.</param>
    /// <param name="now">Nanoseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Adopt(Span<byte> packet, in RtpHeader header, byte payloadType, int source, int clockRate, long now)
    {
        var marker = header.Marker;
        if (source != _source || header.Ssrc != _sourceSsrc)
        {
            marker = true;
            Switch(header.Sequence, header.Timestamp, header.Ssrc, source, clockRate, now);
        }
        var sequence = (ushort)(header.Sequence + _sequenceOffset);
        var timestamp = header.Timestamp + _timestampOffset;
        if ((short)(sequence - _lastSequence) > 0)
        {
            _lastSequence = sequence;
            _lastTimestamp = timestamp;
            _lastAt = now;
            _clockRate = clockRate;
        }
        RtpHeader.Rewrite(packet, payloadType, marker, sequence, timestamp, ssrc);
    }

    /// <summary>Begins a spurt of our own; returns its first timestamp. The relayed stream starts afresh after it.</summary>
    public uint BeginSpurt(int clockRate, long now)
    {
        _source = 0;
        _lastTimestamp += Elapsed(clockRate, now);
        _lastAt = now;
        _clockRate = clockRate;
        return _lastTimestamp;
    }

    /// <summary>Writes the header of a packet of our own.</summary>
    public void Write(Span<byte> packet, byte payloadType, bool marker, uint timestamp, long now)
    {
        _lastSequence++;
        _lastTimestamp = timestamp;
        _lastAt = now;
        RtpHeader.Write(packet, payloadType, marker, _lastSequence, timestamp, ssrc);
    }

    private void Switch(ushort sequence, uint timestamp, uint sourceSsrc, int source, int clockRate, long now)
    {
        _source = source;
        _sourceSsrc = sourceSsrc;
        _sequenceOffset = (ushort)(_lastSequence + 1 - sequence);
        _timestampOffset = _lastTimestamp + Elapsed(clockRate, now) - timestamp;
    }

    private readonly uint Elapsed(int clockRate, long now) =>
        _lastAt == long.MinValue ? 0 : Math.Max(1, (uint)(long)((now - _lastAt) * (Int128)clockRate / 1_000_000_000));
}
