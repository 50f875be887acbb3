namespace ClickToDial.Media.Rtp;

/// <summary>
/// What a receiver knows of the streams that came to it: RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter). A new
/// SSRC starts a new stream; totals go on. There is no probation: whoever feeds it has checked the source already.
/// A mutable struct, kept in place by its leg, so that the packet path touches one object.
/// </summary>
public struct ReceiveStatistics
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const uint SequenceSpan = 1 << 16;

    private bool _started;
    private uint _ssrc;
    private ushort _maxSequence;
    private uint _cycles;
    private uint _baseSequence;
    private uint _badSequence;
    private long _received;
    private long _receivedBefore;
    private long _lostBefore;
    private uint _transit;
    private bool _hasTransit;
    private double _jitter;
    private int _clockRate;
    private long _expectedPrior;
    private long _receivedPrior;

    /// <summary>Packets of all streams, duplicates included as in A.3.</summary>
    public readonly long Received => _receivedBefore + _received;

    /// <summary>Expected less received over all streams, never below 0.</summary>
    public readonly long Lost => _lostBefore + CurrentLost;

    /// <summary>Highest sequence number with the count of its wraps above it (RFC 3550 section 6.4.1).</summary>
    public readonly uint ExtendedHighest => _cycles + _maxSequence;

    /// <summary>In units of the stream's clock.</summary>
    public readonly uint Jitter => (uint)_jitter;

    public readonly double JitterMilliseconds => _clockRate == 0 ? 0 : _jitter * 1000 / _clockRate;

    public readonly uint Ssrc => _ssrc;

    private readonly long CurrentLost => _started ? Math.Max(0, ExtendedHighest - _baseSequence + 1L - _received) : 0;

    /// <summary>Takes one packet into account.</summary>
    /// <param name="arrival">When it came, in nanoseconds of any monotonic clock.</param>
    /// <param name="clockRate">Of its payload format, in Hz.</param>
    /// <param name="sound">False for formats whose timestamps do not move with arrival, such as repeated key-press packets.</param>
    public void Update(uint ssrc, ushort sequence, uint timestamp, long arrival, int clockRate, bool sound)
    {
        if (!_started || ssrc != _ssrc) Begin(ssrc, sequence);
        else if (!Advance(sequence)) return;
        _received++;
        if (sound) UpdateJitter(timestamp, arrival, clockRate);
    }

    /// <summary>Loss since the last call as a fraction of 256 (A.3), for a receiver report.</summary>
    public byte TakeFractionLost()
    {
        var expected = ExtendedHighest - _baseSequence + 1L;
        var expectedInterval = expected - _expectedPrior;
        var lost = expectedInterval - (_received - _receivedPrior);
        _expectedPrior = expected;
        _receivedPrior = _received;
        return expectedInterval <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expectedInterval);
    }

    /// <summary>What a report of ours says of the stream that comes now. The loss since the last one counts from here again.</summary>
    /// <param name="lastSenderReport">See <see cref="ReportBlock"/>; 0 when none came.</param>
    /// <param name="delaySinceLast">In units of 1/65536 s.</param>
    public ReportBlock TakeReport(uint lastSenderReport, uint delaySinceLast)
    {
        var lost = Math.Clamp(ExtendedHighest - _baseSequence + 1L - _received, -0x800000, 0x7FFFFF); // signed, 24 bits
        return new ReportBlock(_ssrc, TakeFractionLost(), (int)lost, ExtendedHighest, Jitter, lastSenderReport, delaySinceLast);
    }

    private void Begin(uint ssrc, ushort sequence)
    {
        _lostBefore += CurrentLost;
        _receivedBefore += _received;
        _started = true;
        _ssrc = ssrc;
        Restart(sequence);
    }

    private void Restart(ushort sequence)
    {
        _baseSequence = sequence;
        _maxSequence = sequence;
        _badSequence = SequenceSpan + 1; // so that sequence == _badSequence is false
        _cycles = 0;
        _received = 0;
        _expectedPrior = 0;
        _receivedPrior = 0;
        _hasTransit = false;
    }

    // A.1 update_seq without probation.
    private bool Advance(ushort sequence)
    {
        var delta = (ushort)(sequence - _maxSequence);
        if (delta < MaxDropout)
        {
            if (sequence < _maxSequence) _cycles += SequenceSpan;
            _maxSequence = sequence;
        }
        else if (delta <= SequenceSpan - MaxMisorder)
        {
            if (sequence != _badSequence)
            {
                _badSequence = (uint)((sequence + 1) & (SequenceSpan - 1));
                return false;
            }
            // Two in a row: the sender has restarted without telling.
            _lostBefore += CurrentLost;
            _receivedBefore += _received;
            Restart(sequence);
        }
        return true;
    }

    private void UpdateJitter(uint timestamp, long arrival, int clockRate)
    {
        if (clockRate != _clockRate)
        {
            _clockRate = clockRate;
            _hasTransit = false;
            _jitter = 0;
        }
        var transit = (uint)(long)(arrival * (Int128)clockRate / 1_000_000_000) - timestamp;
        if (_hasTransit) _jitter += (Math.Abs((double)(int)(transit - _transit)) - _jitter) / 16;
        _transit = transit;
        _hasTransit = true;
    }
}
