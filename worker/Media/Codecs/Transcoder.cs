namespace ClickToDial.Media.Codecs;

/// <summary>What became of a packet that was pushed.</summary>
public enum TranscodeVerdict
{
    Accepted,

    /// <summary>Came after its place had been passed: a duplicate, or overtaken and already concealed.</summary>
    Late,

    /// <summary>No payload of that codec; its place is concealed when the next one comes.</summary>
    Malformed,

    /// <summary>The frames made so far were not taken.</summary>
    Overrun,
}

/// <summary>One 20 ms frame to send.</summary>
/// <param name="Length">Octets of payload.</param>
/// <param name="Timestamp">In the clock of the outgoing codec, from 0 at the first frame; jumps over pauses.</param>
/// <param name="Marker">First frame after a pause (RFC 3551 section 4.1).</param>
public readonly record struct TranscodedFrame(int Length, uint Timestamp, bool Marker);

/// <summary>
/// Turns the payloads of one RTP stream into 20 ms payloads of another codec. Packets go in as they come, of any length up to
/// 120 ms; frames are taken out until there are none. It waits for nothing: a gap is bridged when the packet after it comes
/// (by the copy in that packet if it has one, else by guessing), and a packet that was overtaken is dropped. Allocates nothing
/// per packet; for one thread at a time.
/// </summary>
public sealed class Transcoder : IDisposable
{
    /// <summary>Longer gaps are left as a pause in the timestamps.</summary>
    public const int MaxConcealedMilliseconds = 120;

    private const int NoiseRate = 8000;
    private const int MaxStraggle = 100;

    private readonly int _clockRate;
    private readonly IAudioDecoder _decoder;
    private readonly IAudioEncoder _encoder;
    private readonly ComfortNoise _noise;
    private readonly Resampler? _noiseResampler;
    private readonly FrameAssembler _frames;
    private readonly short[] _decoded = new short[SpeechCodecs.MaxPacketSamples];
    private bool _started;
    private ushort _sequence;
    private uint _expected;
    private int _packetTicks;

    /// <param name="noiseSeed">Begins the comfort noise, so that calls do not hiss in unison.</param>
    /// <exception cref="DllNotFoundException">One of them is Opus and libopus is missing.</exception>
    public Transcoder(SpeechCodec from, SpeechCodec to, uint noiseSeed = 1)
    {
        _clockRate = from.ClockRate;
        _decoder = from.CreateDecoder();
        _encoder = to.CreateEncoder();
        _frames = new FrameAssembler(from.SampleRate, to.SampleRate, to.ClockRate);
        _noise = new ComfortNoise(noiseSeed);
        _noiseResampler = to.SampleRate == NoiseRate ? null : new Resampler(NoiseRate, to.SampleRate);
    }

    /// <summary>True between a description of comfort noise and the next speech.</summary>
    public bool InSilence { get; private set; }

    /// <summary>Takes one packet of speech.</summary>
    public TranscodeVerdict Push(ushort sequence, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (!Place(sequence, timestamp, out var missing, out var gap)) return TranscodeVerdict.Late;
        if (_frames.IsFull) return TranscodeVerdict.Overrun;
        if (gap > 0 && missing > 0 && Samples(gap) <= _decoder.SampleRate / 1000 * MaxConcealedMilliseconds) Bridge(payload, Samples(gap));
        else if (gap > 0) _frames.Pause(Samples(gap));
        _expected = timestamp;
        var count = _decoder.Decode(payload, _decoded);
        if (count < 0) return TranscodeVerdict.Malformed;
        Commit(sequence);
        InSilence = false;
        _packetTicks = (int)((long)count * _clockRate / _decoder.SampleRate);
        _expected += (uint)_packetTicks;
        _frames.Append(_decoded.AsSpan(0, count));
        return TranscodeVerdict.Accepted;
    }

    /// <summary>Takes a description of comfort noise (payload format CN): what follows is silence until speech comes again.</summary>
    public TranscodeVerdict PushComfortNoise(ushort sequence, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (!Place(sequence, timestamp, out _, out var gap)) return TranscodeVerdict.Late;
        if (_frames.IsFull) return TranscodeVerdict.Overrun;
        if (gap > 0) _frames.Pause(Samples(gap));
        Commit(sequence);
        _expected = timestamp;
        _noise.Describe(payload);
        InSilence = true;
        return TranscodeVerdict.Accepted;
    }

    /// <summary>Takes out the next frame; false when there is no whole one.</summary>
    /// <param name="payload">At least <see cref="SpeechCodecs.MaxFrameOctets"/>.</param>
    public bool TryTake(Span<byte> payload, out TranscodedFrame frame)
    {
        if (!_frames.TryTake(out var pcm, out var timestamp, out var marker))
        {
            frame = default;
            return false;
        }
        frame = new TranscodedFrame(_encoder.Encode(pcm, payload), timestamp, marker);
        return true;
    }

    /// <summary>
    /// Makes the next 20 ms of comfort noise available to <see cref="TryTake"/>; for a caller that keeps time while
    /// <see cref="InSilence"/>. Without it the outgoing stream simply pauses.
    /// </summary>
    public void AddNoise()
    {
        if (!InSilence || _frames.IsFull) return;
        var noise = _decoded.AsSpan(0, NoiseRate / 50);
        _noise.Fill(noise);
        if (_noiseResampler is null) _frames.AppendConverted(noise);
        else
        {
            var converted = _decoded.AsSpan(noise.Length, _noiseResampler.OutputFor(noise.Length));
            _frames.AppendConverted(converted[.._noiseResampler.Process(noise, converted)]);
        }
        _expected += (uint)(_clockRate / 50);
    }

    /// <summary>A packet of another kind had this place in the sequence, as a key press has: it is not lost.</summary>
    public void Skip(ushort sequence)
    {
        if (_started && (short)(sequence - _sequence) > 0) _sequence = sequence;
    }

    /// <summary>What comes next is another stream (SSRC) of the same codec; it goes on where the last one ended.</summary>
    public void BeginAnew() => _started = false;

    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
    }

    // A malformed packet does not count as having come, so that the next one sees a loss before it.
    private void Commit(ushort sequence)
    {
        _started = true;
        _sequence = sequence;
    }

    // Where the packet stands: packets missing before it, and ticks between the end of the last one and its beginning. A
    // sequence or timestamp that makes no sense is a sender that began anew: no gap.
    private bool Place(ushort sequence, uint timestamp, out int missing, out int gap)
    {
        var step = (short)(sequence - _sequence);
        missing = 0;
        gap = 0;
        if (_started)
        {
            if (step <= 0 && step > -MaxStraggle) return false;
            missing = step > 0 ? step - 1 : 0;
            gap = (int)(timestamp - _expected);
            if (step <= 0 || gap < 0 || gap > 600 * _clockRate) gap = 0;
        }
        return true;
    }

    // All but the last lost packet can only be guessed; of that one the packet that came may carry a copy.
    private void Bridge(ReadOnlySpan<byte> next, int gap)
    {
        var copied = Math.Min(gap, Samples(_packetTicks));
        var guessed = _decoded.AsSpan(0, gap - copied);
        if (guessed.Length > 0)
        {
            _decoder.Conceal(guessed);
            _frames.Append(guessed);
        }
        if (copied == 0) return;
        _decoder.Recover(next, _decoded.AsSpan(0, copied));
        _frames.Append(_decoded.AsSpan(0, copied));
    }

    private int Samples(int ticks) => (int)((long)ticks * _decoder.SampleRate / _clockRate);
}
