namespace ClickToDial.App.Deliveries;

/// <summary>Every night: finished deliveries that are old go.</summary>
public sealed class PurgeDeliveries(DeliveryPurge purge)
{
    [Function(nameof(PurgeDeliveries))]
    public Task Run([TimerTrigger("0 45 3 * * *")] TimerInfo timer, CancellationToken stop) => purge.OldAsync(stop);
}
