namespace ClickToDial.Calls.Legs;

/// <summary>How often a peer may ask for something: so often at once, and then at a steady rate. For one thread at a time.</summary>
internal sealed class Pace(int burst, double perSecond)
{
    private double _left = burst;
    private long _at;

    /// <summary>False when it is too often.</summary>
    public bool TryTake(TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (_at != 0) _left = Math.Min(burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_left < 1) return false;
        _left--;
        return true;
    }
}
