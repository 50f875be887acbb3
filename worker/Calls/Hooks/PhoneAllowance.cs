namespace ClickToDial.Calls.Hooks;

/// <summary>
/// How many numbers each user's phones may dial while nobody answers for the guard: an outage must not silence an office, nor be a way past
/// the caps. Thread-safe.
/// </summary>
/// <param name="mostInAnHour">For one user, in one hour of the clock.</param>
internal sealed class PhoneAllowance(int mostInAnHour, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Domain, string User), int> _taken = [];
    private long _hour;

    public bool TryTake(string domain, string user)
    {
        var hour = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerHour;
        lock (_gate)
        {
            if (hour != _hour) _taken.Clear();
            _hour = hour;
            var taken = _taken.GetValueOrDefault((domain, user));
            if (taken >= mostInAnHour) return false;
            _taken[(domain, user)] = taken + 1;
            return true;
        }
    }
}
