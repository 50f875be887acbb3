namespace ClickToDial.Core.Webhooks;

/// <summary>Where accepted events go from the processor. What happens to them behind it is no matter of the call log.</summary>
public interface IEventDelivery
{
    /// <summary>Whether anybody of the domain wants events. If not, none is handed on, and no step is waited for.</summary>
    ValueTask<bool> IsWantedAsync(string domain, CancellationToken stop);

    /// <summary>
    /// Takes events in order. Returns once they are kept durably; until it has, they come again, with the same ids. It must not throw
    /// for the fault of a subscriber: the call log would wait for it.
    /// </summary>
    Task HandOnAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken stop);
}
