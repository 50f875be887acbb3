namespace ClickToDial.Core.Deliveries;

/// <summary>Messages that make deliveries happen, one for each attempt.</summary>
public interface IDeliveryTasks
{
    /// <summary>Returns once it is kept durably, with the time at which it is due.</summary>
    /// <param name="delay">It is not seen before so long, at most seven days.</param>
    Task SendAsync(DeliveryTask task, TimeSpan delay, CancellationToken stop);
}
