namespace ClickToDial.Core.Deliveries;

/// <summary>Makes one attempt. A failure of the subscriber is a result, not an exception.</summary>
public interface IDeliverySender
{
    Task<DeliveryResult> SendAsync(Subscription subscription, string id, ReadOnlyMemory<byte> body, string? traceParent, CancellationToken stop);
}
