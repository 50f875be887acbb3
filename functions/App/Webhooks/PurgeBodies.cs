namespace ClickToDial.App.Webhooks;

/// <summary>Every night: bodies of events that nobody came for go.</summary>
public sealed class PurgeBodies(EventBodies bodies, PoisonStore poison, TimeProvider time)
{
    /// <summary>Longer than storage is ever away, and than Service Bus goes on trying.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    [Function(nameof(PurgeBodies))]
    public async Task Run([TimerTrigger("0 15 4 * * *")] TimerInfo timer, CancellationToken stop) =>
        await bodies.ForgetLeftAsync(time.GetUtcNow() - Kept, await poison.BlobsAsync(stop), stop);
}
