using ClickToDial.Media.Codecs;
using ClickToDial.Media.Recording;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Transcoding;

/// <summary>What a queued packet is to the transcoder.</summary>
internal enum TranscodedKind
{
    Speech,
    ComfortNoise,

    /// <summary>Goes its own way, as a key press does; its sequence number was not lost.</summary>
    Beside,
}

/// <summary>
/// One direction of a bridge whose ends share no codec. The shard writes what comes in and sends what comes out; the transcoding
/// thread reads the one and writes the other, by two bounded queues, so neither ever waits. To the shard it is a stream of its
/// own, with an SSRC, sequence numbers and a timeline, that feeds the outgoing stream of the leg as any other source does.
/// </summary>
/// <param name="source">Identity as a source of the outgoing stream; no leg's.</param>
/// <param name="wake">Tells the shard that there is something to send; called by the transcoding thread.</param>
internal sealed class TranscodedStream(SpeechCodec from, SpeechCodec to, int source, long startedAt, Action wake) : IDisposable
{
    private const int QueueOctets = 8192;
    private const long FrameTime = 20_000_000;

    // More noise than that is not made up for after a stall.
    private const int MaxNoiseAtOnce = 5;
    private static int _ssrcs;
    private readonly PacketQueue _incoming = new(QueueOctets);
    private readonly PacketQueue _outgoing = new(QueueOctets);
    private volatile bool _retired;

    // The transcoding thread's.
    private Transcoder? _transcoder;
    private uint _ssrcHeard;
    private bool _heard;
    private long _nextNoise;

    // The shard's.
    private ushort _sequence;
    private uint _lastTimestamp;
    private long _lastAt = startedAt;
    private TelephoneEventTimeline _keys;

    public SpeechCodec From => from;

    public SpeechCodec To => to;

    public int Source => source;

    public uint Ssrc { get; } = (uint)Interlocked.Increment(ref _ssrcs);

    /// <summary>What the peer takes the new codec as.</summary>
    public byte SendType { get; set; }

    /// <summary>Packets dropped because the transcoding thread, or the shard, did not come by in time.</summary>
    public long Dropped => _incoming.Dropped + _outgoing.Dropped;

    public bool IsRetired => _retired;

    /// <summary>For the shard: nothing more is wanted of it.</summary>
    public void Retire() => _retired = true;

    /// <summary>For the shard: hands a packet over.</summary>
    public void Take(TranscodedKind kind, in RtpHeader header, ReadOnlySpan<byte> payload, long now) =>
        _incoming.TryWrite(new QueuedPacket(now, header.Ssrc, header.Timestamp, (int)kind, payload.Length, header.Sequence), payload);

    /// <summary>For the shard: the next frame to send, as a packet of this stream.</summary>
    /// <param name="packet">Room for a header and a frame.</param>
    public bool TryTake(Span<byte> packet, long now, out RtpHeader header)
    {
        header = default;
        if (!_outgoing.TryRead(out var frame, packet[RtpHeader.FixedLength..])) return false;
        _lastTimestamp = frame.Timestamp;
        _lastAt = now;
        header = Next(frame.Marker, frame.Timestamp, frame.Length);
        RtpHeader.Write(packet, SendType, header.Marker, header.Sequence, header.Timestamp, header.Ssrc);
        return true;
    }

    /// <summary>For the shard: a packet of a key press, on this stream's timeline and in the clock the peer takes keys in.</summary>
    /// <param name="press">Becomes what is to be sent.</param>
    /// <returns>False for a straggler.</returns>
    public bool TryPlaceKey(in RtpHeader incoming, ref TelephoneEvent press, int fromRate, int toRate, long now, out RtpHeader header)
    {
        header = default;
        var here = _lastTimestamp + (uint)((now - _lastAt) * (Int128)to.ClockRate / 1_000_000_000);
        if (!_keys.TryPlace(incoming, ref press, fromRate, toRate, here, out var timestamp)) return false;
        header = Next(incoming.Marker, timestamp, TelephoneEvent.Length);
        return true;
    }

    /// <summary>For the transcoding thread: turns what has come into frames.</summary>
    /// <param name="packet">As large as any packet.</param>
    /// <param name="frame">As large as any frame.</param>
    public void Work(long now, Span<byte> packet, Span<byte> frame)
    {
        _transcoder ??= new Transcoder(from, to, Ssrc);
        var made = false;
        while (_incoming.TryRead(out var queued, packet))
        {
            Push(queued, packet[..queued.Length], now);
            made |= Deliver(frame);
        }
        for (var i = 0; i < MaxNoiseAtOnce && _transcoder.InSilence && now >= _nextNoise; i++)
        {
            _nextNoise += FrameTime;
            _transcoder.AddNoise();
            made |= Deliver(frame);
        }
        if (_transcoder.InSilence && now >= _nextNoise) _nextNoise = now + FrameTime;
        if (made) wake();
    }

    public void Dispose() => _transcoder?.Dispose();

    private RtpHeader Next(bool marker, uint timestamp, int length) => new(SendType, marker, _sequence++, timestamp, Ssrc, RtpHeader.FixedLength, length);

    private void Push(in QueuedPacket packet, ReadOnlySpan<byte> payload, long now)
    {
        if (_heard && packet.Ssrc != _ssrcHeard) _transcoder!.BeginAnew();
        _heard = true;
        _ssrcHeard = packet.Ssrc;
        switch ((TranscodedKind)packet.Codec)
        {
            case TranscodedKind.Speech:
                _transcoder!.Push(packet.Sequence, packet.Timestamp, payload);
                break;
            case TranscodedKind.ComfortNoise when _transcoder!.PushComfortNoise(packet.Sequence, packet.Timestamp, payload) == TranscodeVerdict.Accepted:
                _nextNoise = now + FrameTime;
                break;
            default:
                _transcoder!.Skip(packet.Sequence);
                break;
        }
    }

    private bool Deliver(Span<byte> payload)
    {
        var made = false;
        while (_transcoder!.TryTake(payload, out var frame))
        {
            _outgoing.TryWrite(new QueuedPacket(0, 0, frame.Timestamp, 0, frame.Length, 0, frame.Marker), payload[..frame.Length]);
            made = true;
        }
        return made;
    }
}
