using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Turns keys into the packets of RFC 4733, one step every 20 ms: updates while the key is down, the last one three times
/// (section 2.5.1.4), then a pause before the next key.
/// </summary>
internal sealed class DigitSender(string digits, int pressMilliseconds, int pauseMilliseconds, byte payloadType, int clockRate)
{
    private const byte Volume = 10; // dBm0 below 0
    private const int EndRepeats = 3;
    private readonly int _updates = Math.Max(1, pressMilliseconds / 20);
    private readonly int _pauses = Math.Max(1, pauseMilliseconds / 20);
    private int _digit;
    private int _step;
    private uint _timestamp;

    public bool Finished => _digit >= digits.Length;

    /// <summary>Writes the packet of this step; returns its length, 0 in a pause.</summary>
    public int Step(ref OutgoingRtp stream, Span<byte> packet, long now)
    {
        if (Finished) return 0;
        var step = _step++;
        if (step >= _updates + EndRepeats - 1)
        {
            if (step >= _updates + EndRepeats - 1 + _pauses - 1) Advance();
            return 0;
        }
        if (step == 0) _timestamp = stream.BeginSpurt(clockRate, now);
        var ended = step >= _updates - 1;
        var duration = Math.Min(ushort.MaxValue, (Math.Min(step, _updates - 1) + 1) * clockRate / 50);
        stream.Write(packet, payloadType, marker: step == 0, _timestamp, now);
        new TelephoneEvent(TelephoneEvent.FromDigit(digits[_digit]) ?? 0, ended, Volume, (ushort)duration).Write(packet[RtpHeader.FixedLength..]);
        return RtpHeader.FixedLength + TelephoneEvent.Length;
    }

    private void Advance()
    {
        _digit++;
        _step = 0;
    }
}
