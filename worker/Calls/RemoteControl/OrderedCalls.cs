using System.Diagnostics.CodeAnalysis;
using ClickToDial.Calls.Bridging;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.RemoteControl;

/// <param name="Asked">What the page asked for; another number may be called for it.</param>
internal sealed record OrderedCall(string Domain, string User, string SessionId, string Asked);

/// <summary>Calls that pages have ordered and that are under way: how many each user has, and what was asked for. Thread-safe.</summary>
internal sealed class OrderedCalls
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, OrderedCall> _calls = [];
    private readonly DialledCalls _counts = new();

    /// <summary>False when the user has as many already.</summary>
    public bool TryAdd(CallId id, OrderedCall call, int most)
    {
        lock (_gate) return _counts.TryAdd(call.Domain, call.User, most) && _calls.TryAdd(id, call);
    }

    public IReadOnlyList<CallId> Ids()
    {
        lock (_gate) return [.. _calls.Keys];
    }

    /// <summary>False when it is not there, or no longer.</summary>
    public bool TryRemove(CallId id, [NotNullWhen(true)] out OrderedCall? call)
    {
        lock (_gate)
        {
            if (!_calls.Remove(id, out call)) return false;
            _counts.Remove(call.Domain, call.User);
            return true;
        }
    }
}
