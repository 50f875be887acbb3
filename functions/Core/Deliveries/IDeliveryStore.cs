namespace ClickToDial.Core.Deliveries;

/// <summary>
/// Where deliveries are kept. A delivery is in its lane exactly as long as it is pending: both are changed together or not at all.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Tells this instance from others, which remember other deliveries.</summary>
    string Instance { get; }

    /// <summary>Adds a delivery that is pending; where its lane is full, one that is dead.</summary>
    /// <returns>Not done when it is there already, finished or not.</returns>
    Task<LaneWrite> TryAddAsync(Delivery delivery, CancellationToken stop);

    Task<Delivery?> FindAsync(string domain, string subscription, string id, CancellationToken stop);

    /// <summary>
    /// A delivery as it was when this instance added it, some seconds ago and as the first of its lane; null when it did not, and the second
    /// time. Only for the message that came of that (<see cref="DeliveryTask.AddedBy"/>): by any other the delivery may have moved on.
    /// </summary>
    Delivery? Recall(string domain, string subscription, string id);

    /// <summary>Id of the first that is pending in a lane; null when none is.</summary>
    Task<string?> HeadAsync(string domain, string subscription, string lane, CancellationToken stop);

    /// <summary>
    /// Whether a delivery that was recalled is the first of its lane. Once it was, it is so until it ends, so this may be remembered; whether it
    /// has ended meanwhile only <see cref="HeadAsync"/> knows.
    /// </summary>
    Task<bool> IsHeadAsync(Delivery delivery, CancellationToken stop);

    /// <summary>Writes a delivery that was read; takes it out of its lane, or puts it back, as its status says.</summary>
    /// <param name="before">As it was read.</param>
    /// <returns>Not done when somebody else has changed it meanwhile.</returns>
    Task<LaneWrite> TrySaveAsync(Delivery before, Delivery after, CancellationToken stop);

    /// <param name="status">Only those; all when null.</param>
    /// <param name="after">Id of the last of the page before, or null.</param>
    Task<DeliveryPage> ListAsync(string domain, string subscription, DeliveryStatus? status, string? after, int limit, CancellationToken stop);

    Task<(Breaker Breaker, string? Version)> BreakerAsync(string domain, string subscription, CancellationToken stop);

    /// <returns>False when somebody else has changed it meanwhile.</returns>
    Task<bool> TrySetBreakerAsync(string domain, string subscription, Breaker breaker, string? version, CancellationToken stop);
}
