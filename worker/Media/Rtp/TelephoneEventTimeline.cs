namespace ClickToDial.Media.Rtp;

/// <summary>
/// Key presses of one stream as they are told on another: each press begins when it comes, its packets keep that timestamp
/// (RFC 4733 section 2.5.1.2), and durations are in the other clock. What gets too long for 16 bits there goes on as another segment
/// (section 2.5.1.3), and segments that the other clock does not need become one. A mutable struct, kept in place.
/// </summary>
internal struct TelephoneEventTimeline
{
    private bool _started;
    private uint _ssrc;
    private uint _from;
    private uint _to;
    private byte _code;
    private bool _ended;
    private long _before;

    /// <param name="press">In the incoming clock; becomes what is to be sent.</param>
    /// <param name="here">Where the outgoing stream is now.</param>
    /// <param name="timestamp">To be sent with it.</param>
    /// <returns>False for a straggler of an earlier press.</returns>
    public bool TryPlace(in RtpHeader header, ref TelephoneEvent press, int fromRate, int toRate, uint here, out uint timestamp)
    {
        timestamp = 0;
        if (!_started || header.Ssrc != _ssrc) Begin(header, press, here);
        else if (header.Timestamp != _from)
        {
            var distance = (int)(header.Timestamp - _from);
            if (distance < 0) return false;
            if (!_ended && press.Code == _code && distance == ushort.MaxValue)
            {
                _from = header.Timestamp;
                _before += ushort.MaxValue;
            }
            else Begin(header, press, here);
        }
        _ended |= press.End;
        var duration = (_before + press.Duration) * toRate / fromRate;
        var segments = Math.Max(0, duration - 1) / ushort.MaxValue;
        timestamp = _to + (uint)(segments * ushort.MaxValue);
        press = press with { Duration = (ushort)(duration - (segments * ushort.MaxValue)) };
        return true;
    }

    private void Begin(in RtpHeader header, in TelephoneEvent press, uint here)
    {
        // Two presses within one tick of ours would be taken for one.
        _to = _started && (int)(here - _to) <= 0 ? _to + 1 : here;
        _started = true;
        _ssrc = header.Ssrc;
        _from = header.Timestamp;
        _code = press.Code;
        _ended = false;
        _before = 0;
    }
}
