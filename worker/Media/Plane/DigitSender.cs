using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Turns keys into the packets of RFC 4733, one step every 20 ms: updates while the key is down, the last one three times
/// (section 2.5.1.4), then a pause before the next key.
/// </summary>
internal sealed class DigitSender(byte payloadType, int clockRate)
{
    /// <summary>Keys that may wait; what is pressed beyond them is lost, as nobody types for half a minute ahead.</summary>
    public const int MaxWaiting = 128;

    private const byte Volume = 10; // dBm0 below 0
    private const int EndRepeats = 3;
    private readonly Queue<(char Digit, int Updates, int Pauses)> _keys = new();
    private int _step;
    private uint _timestamp;

    public bool Finished => _keys.Count == 0;

    /// <summary>That key is being sent now, or has just been.</summary>
    public bool IsSending(byte code) => _keys.TryPeek(out var key) && TelephoneEvent.FromDigit(key.Digit) == code;

    /// <summary>Keys come after those that wait already, each for as long as it was asked to be held.</summary>
    public void Add(string digits, int pressMilliseconds, int pauseMilliseconds)
    {
        foreach (var digit in digits.AsSpan(0, Math.Min(digits.Length, MaxWaiting - _keys.Count)))
            _keys.Enqueue((digit, Math.Max(1, pressMilliseconds / 20), Math.Max(1, pauseMilliseconds / 20)));
    }

    /// <summary>Writes the packet of this step; returns its length, 0 in a pause.</summary>
    public int Step(ref OutgoingRtp stream, Span<byte> packet, long now)
    {
        if (!_keys.TryPeek(out var key)) return 0;
        var step = _step++;
        if (step >= key.Updates + EndRepeats - 1)
        {
            if (step >= key.Updates + EndRepeats - 1 + key.Pauses - 1) Advance();
            return 0;
        }
        if (step == 0) _timestamp = stream.BeginSpurt(clockRate, now);
        var ended = step >= key.Updates - 1;
        var duration = Math.Min(ushort.MaxValue, (Math.Min(step, key.Updates - 1) + 1) * clockRate / 50);
        stream.Write(packet, payloadType, marker: step == 0, _timestamp, now);
        new TelephoneEvent(TelephoneEvent.FromDigit(key.Digit) ?? 0, ended, Volume, (ushort)duration).Write(packet[RtpHeader.FixedLength..]);
        return RtpHeader.FixedLength + TelephoneEvent.Length;
    }

    private void Advance()
    {
        _keys.Dequeue();
        _step = 0;
    }
}
