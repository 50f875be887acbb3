using ClickToDial.Media.Codecs;

namespace ClickToDial.Media.Recording;

/// <summary>One side on the writer's end of its queue: decodes what came and says where in the recording it belongs.</summary>
internal sealed class RecordedSide(RecordingSide side, RecordingOptions options) : IDisposable
{
    private const int MaxPayload = 1500;
    private readonly byte[] _payload = new byte[MaxPayload];
    private readonly short[] _decoded = new short[SpeechCodecs.MaxPacketSamples];
    private readonly short[] _converted = new short[SpeechCodecs.MaxPacketSamples * 6];
    private SideClock _clock = new(options.SampleRate);
    private IAudioDecoder? _decoder;
    private Resampler? _resampler;
    private SpeechCodec _codec;

    /// <summary>For the packet path: one thread writes.</summary>
    public PacketQueue Queue { get; } = new(options.QueueOctets);

    public long Malformed { get; private set; }

    public long Late { get; private set; }

    public static bool Fits(ReadOnlySpan<byte> payload) => payload.Length <= MaxPayload;

    /// <summary>Moves what came until then into the timeline. Times are nanoseconds of one clock.</summary>
    /// <param name="began">When the recording began.</param>
    public void Drain(StereoTimeline timeline, long began, long until)
    {
        while (Queue.TryPeek(out var arrival) && arrival <= until && Queue.TryRead(out var packet, _payload)) Place(timeline, packet, began);
    }

    public void Dispose() => _decoder?.Dispose();

    private void Place(StereoTimeline timeline, in QueuedPacket packet, long began)
    {
        var codec = (SpeechCodec)packet.Codec;
        if (_decoder is null || codec != _codec) Use(codec);
        var count = _decoder!.Decode(_payload.AsSpan(0, packet.Length), _decoded);
        if (count < 0)
        {
            Malformed++;
            return;
        }
        var arrival = (long)((packet.Arrival - began) * (Int128)options.SampleRate / 1_000_000_000);
        var place = _clock.Place(packet.Ssrc, packet.Timestamp, codec.ClockRate, arrival);
        ReadOnlySpan<short> pcm = _decoded.AsSpan(0, count);
        if (_resampler is not null) pcm = _converted.AsSpan(0, _resampler.Process(pcm, _converted));
        if (!timeline.Put(side, place, pcm)) Late++;
    }

    // A renegotiated call goes on in another codec; that is rare enough to allocate.
    private void Use(SpeechCodec codec)
    {
        _decoder?.Dispose();
        _decoder = codec.CreateDecoder();
        _resampler = codec.SampleRate == options.SampleRate ? null : new Resampler(codec.SampleRate, options.SampleRate);
        _codec = codec;
    }
}
