namespace ClickToDial.Media.Codecs;

/// <summary>How speech is encoded with Opus.</summary>
/// <param name="Bitrate">Bits per second, 6000 to 510000; 24000 gives wideband to super-wideband speech.</param>
/// <param name="Complexity">0 to 10; CPU grows with it.</param>
/// <param name="Fec">Each packet carries a thin copy of the one before (RFC 7587 section 3.3).</param>
/// <param name="ExpectedLossPercent">How much of the rate goes into that copy.</param>
/// <param name="Dtx">Sends almost nothing in silence; off, because the packets of a call keep its path open.</param>
public sealed record OpusSettings(int Bitrate, int Complexity, bool Fec, int ExpectedLossPercent, bool Dtx)
{
    public static OpusSettings Default { get; } = new(24000, 5, Fec: true, ExpectedLossPercent: 10, Dtx: false);
}

/// <summary>Opus through libopus, decoded as 48 kHz mono whatever the sender chose (RFC 6716, RFC 7587).</summary>
public sealed unsafe class OpusDecoder : IAudioDecoder
{
    private const int Tick = 120; // libopus conceals in steps of 2.5 ms
    private readonly OpusDecoderHandle _handle;

    /// <exception cref="DllNotFoundException">libopus is missing.</exception>
    public OpusDecoder()
    {
        OpusLibrary.EnsureAvailable();
        _handle = LibOpus.CreateDecoder(SampleRate, 1, out var error);
        if (error != 0) throw new InvalidOperationException($"opus_decoder_create: {error}");
    }

    public int SampleRate => 48000;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.IsEmpty) return -1;
        fixed (byte* octets = payload)
        fixed (short* samples = pcm)
        {
            var expected = LibOpus.Samples(octets, payload.Length, SampleRate);
            if (expected <= 0 || expected > pcm.Length) return -1;
            var count = LibOpus.Decode(_handle, octets, payload.Length, samples, pcm.Length, useFec: 0);
            return count < 0 ? -1 : count;
        }
    }

    public void Conceal(Span<short> pcm) => Fill(default, pcm, useFec: 0);

    public void Recover(ReadOnlySpan<byte> next, Span<short> pcm) => Fill(next, pcm, useFec: 1);

    public void Dispose() => _handle.Dispose();

    private void Fill(ReadOnlySpan<byte> payload, Span<short> pcm, int useFec)
    {
        var whole = pcm.Length / Tick * Tick;
        var count = 0;
        fixed (byte* octets = payload)
        fixed (short* samples = pcm)
            if (whole > 0) count = LibOpus.Decode(_handle, octets, payload.Length, samples, whole, useFec);
        pcm[Math.Max(0, count)..].Clear();
    }
}

/// <summary>Opus through libopus: 48 kHz mono in frames of 20 ms.</summary>
public sealed unsafe class OpusEncoder : IAudioEncoder
{
    private readonly OpusEncoderHandle _handle;

    /// <exception cref="DllNotFoundException">libopus is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">libopus refuses a setting.</exception>
    public OpusEncoder(OpusSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        OpusLibrary.EnsureAvailable();
        _handle = LibOpus.CreateEncoder(SampleRate, 1, LibOpus.ApplicationVoip, out var error);
        if (error != 0) throw new InvalidOperationException($"opus_encoder_create: {error}");
        Set(LibOpus.SetBitrate, settings.Bitrate);
        Set(LibOpus.SetComplexity, settings.Complexity);
        Set(LibOpus.SetInbandFec, settings.Fec ? 1 : 0);
        Set(LibOpus.SetExpectedLoss, settings.ExpectedLossPercent);
        Set(LibOpus.SetDtx, settings.Dtx ? 1 : 0);
        Set(LibOpus.SetSignal, LibOpus.SignalVoice);
    }

    public int SampleRate => 48000;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        fixed (short* samples = pcm)
        fixed (byte* octets = payload)
        {
            var length = LibOpus.Encode(_handle, samples, pcm.Length, octets, payload.Length);
            return length >= 0 ? length : throw new InvalidOperationException($"opus_encode: {length}"); // a frame size or buffer of ours is wrong
        }
    }

    public void Dispose() => _handle.Dispose();

    private void Set(int request, int value)
    {
        var result = LibOpus.Control(_handle, request, value);
        if (result == 0) return;
        _handle.Dispose();
        throw new ArgumentOutOfRangeException(nameof(value), value, $"opus_encoder_ctl({request}): {result}");
    }
}
