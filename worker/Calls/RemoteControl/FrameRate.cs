namespace ClickToDial.Calls.RemoteControl;

/// <summary>How many frames a socket may send: so many at once, and so many a second on the average.</summary>
internal sealed class FrameRate(int burst, int perSecond, TimeProvider time)
{
    private double _left = burst;
    private long _last = time.GetTimestamp();

    /// <summary>Counts one; false when it is one too many.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _left = Math.Max(_left, Math.Min(burst, _left + time.GetElapsedTime(_last, now).TotalSeconds * perSecond));
        _last = now;
        if (_left < 1) return false;
        _left--;
        return true;
    }

    /// <summary>Nothing was read since the last one was counted. What was lawfully sent meanwhile comes all at once, so this time counts in full.</summary>
    public void Unread()
    {
        var now = time.GetTimestamp();
        _left += time.GetElapsedTime(_last, now).TotalSeconds * perSecond;
        _last = now;
    }
}
