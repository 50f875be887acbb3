namespace ClickToDial.Media.Recording;

/// <summary>
/// Tells where in the recording a packet's sound belongs. The first packet of a stream is placed by its arrival, all others by
/// their timestamps, so that jitter leaves no gaps; a stream whose timestamps have gone astray is placed by arrival again.
/// </summary>
internal struct SideClock(int sampleRate)
{
    private readonly long _astray = sampleRate;
    private bool _started;
    private uint _ssrc;
    private int _clockRate;
    private uint _timestamp;
    private long _ticks;
    private long _anchor;

    /// <param name="arrival">Samples since the recording began.</param>
    /// <returns>Samples since the recording began; may be below zero.</returns>
    public long Place(uint ssrc, uint timestamp, int clockRate, long arrival)
    {
        if (!_started || ssrc != _ssrc || clockRate != _clockRate) Anchor(ssrc, timestamp, clockRate, arrival);
        _ticks += (int)(timestamp - _timestamp);
        _timestamp = timestamp;
        var place = _anchor + (_ticks * sampleRate / _clockRate);
        // More than a second from when it came: no network does that to a call that still goes on.
        if (Math.Abs(place - arrival) <= _astray) return place;
        Anchor(ssrc, timestamp, clockRate, arrival);
        return arrival;
    }

    private void Anchor(uint ssrc, uint timestamp, int clockRate, long arrival)
    {
        _started = true;
        _ssrc = ssrc;
        _clockRate = clockRate;
        _timestamp = timestamp;
        _ticks = 0;
        _anchor = arrival;
    }
}
