namespace ClickToDial.Media.Codecs;

/// <summary>
/// Gathers samples of any count, brings them to the encoder's rate and hands them out in frames of 20 ms with their
/// timestamps. Holds at most what one packet and the gap before it can make.
/// </summary>
internal sealed class FrameAssembler
{
    private readonly Resampler? _resampler;
    private readonly short[] _samples;
    private readonly short[] _frame;
    private readonly int _fromRate;
    private readonly int _clockRate;
    private readonly int _mostAppended;
    private int _first;
    private int _count;
    private uint _timestamp;
    private bool _marker = true;
    private int _untilPause = -1;
    private uint _pause;

    public FrameAssembler(int fromRate, int toRate, int clockRate)
    {
        _fromRate = fromRate;
        _clockRate = clockRate;
        _resampler = fromRate == toRate ? null : new Resampler(fromRate, toRate);
        _frame = new short[toRate / 50];
        _mostAppended = toRate / 1000 * (Transcoder.MaxConcealedMilliseconds + SpeechCodecs.MaxPacketMilliseconds);
        _samples = new short[(2 * _frame.Length) + _mostAppended + _frame.Length];
    }

    /// <summary>True when another packet with the longest gap before it might not fit.</summary>
    public bool IsFull => _count >= 2 * _frame.Length;

    /// <summary>Adds decoded samples.</summary>
    public void Append(ReadOnlySpan<short> pcm)
    {
        MakeRoom();
        var free = _samples.AsSpan(_first + _count);
        if (_resampler is null) pcm.CopyTo(free);
        _count += _resampler?.Process(pcm, free) ?? pcm.Length;
    }

    /// <summary>Adds samples that have the encoder's rate already.</summary>
    public void AppendConverted(ReadOnlySpan<short> pcm)
    {
        MakeRoom();
        pcm.CopyTo(_samples.AsSpan(_first + _count));
        _count += pcm.Length;
    }

    /// <summary>Leaves out so many decoded samples: an open frame is filled with silence, and the timestamps jump over the rest.</summary>
    public void Pause(int decodedSamples)
    {
        MakeRoom();
        var length = (int)((long)decodedSamples * _frame.Length * 50 / _fromRate);
        var open = _count % _frame.Length;
        var filled = open == 0 ? 0 : Math.Min(length, _frame.Length - open);
        _samples.AsSpan(_first + _count, filled).Clear();
        _count += filled;
        length -= filled;
        if (length == 0) return;
        _untilPause = _count;
        _pause += (uint)((long)length * _clockRate / (_frame.Length * 50));
    }

    /// <summary>The span is valid until the next call of any kind.</summary>
    public bool TryTake(out ReadOnlySpan<short> pcm, out uint timestamp, out bool marker)
    {
        pcm = _frame;
        timestamp = _timestamp;
        marker = _marker;
        if (_untilPause == 0) TakePause(out timestamp, out marker);
        if (_count < _frame.Length) return false;
        _samples.AsSpan(_first, _frame.Length).CopyTo(_frame);
        _first += _frame.Length;
        _count -= _frame.Length;
        if (_untilPause > 0) _untilPause = Math.Max(0, _untilPause - _frame.Length);
        _timestamp += (uint)(_clockRate / 50);
        _marker = false;
        return true;
    }

    private void TakePause(out uint timestamp, out bool marker)
    {
        _timestamp += _pause;
        _pause = 0;
        _untilPause = -1;
        _marker = true;
        timestamp = _timestamp;
        marker = true;
    }

    private void MakeRoom()
    {
        if (_first == 0) return;
        _samples.AsSpan(_first, _count).CopyTo(_samples);
        _first = 0;
    }
}
