using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>Who can be reached where: over flows of this worker, and of its fellows.</summary>
internal sealed class Whereabouts(BindingStore own, Fellows? fellows, Func<SipFlow, bool> isOpen)
{
    /// <summary>The live bindings of a user, the last registered first. A device that has moved between workers is there once.</summary>
    public IReadOnlyList<Binding> Find(string domain, string user)
    {
        var mine = own.Find(domain, user);
        if (fellows?.Find(domain, user) is not { Count: > 0 } theirs) return mine;
        // Which of two is the later is told by their ends: one device asks for the same time wherever it registers.
        return [.. mine.Concat(theirs)
            .OrderByDescending(binding => isOpen(binding.Flow)).ThenByDescending(binding => binding.ExpiresAt)
            .DistinctBy(binding => (binding.Device, binding.Instance ?? binding.Contact, binding.FlowId))
            .Take(BindingStore.MaxPerUser)];
    }
}
