using System.Runtime.InteropServices;

namespace ClickToDial.Calls.Bridging;

/// <summary>How many calls each user's devices have dialled that are still under way. Thread-safe.</summary>
internal sealed class DialledCalls
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Domain, string User), int> _counts = [];

    /// <summary>Counts one more; false when the user has as many already.</summary>
    public bool TryAdd(string domain, string user, int most)
    {
        lock (_gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (domain, user), out _);
            if (count >= most) return false;
            count++;
            return true;
        }
    }

    public void Remove(string domain, string user)
    {
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, (domain, user), out _) <= 0) _counts.Remove((domain, user));
        }
    }
}
