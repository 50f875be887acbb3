namespace ClickToDial.Core.Webhooks;

/// <summary>Nobody has subscribed.</summary>
public sealed class NoDelivery : IEventDelivery
{
    public ValueTask<bool> IsWantedAsync(string domain, CancellationToken stop) => new(false);

    public Task HandOnAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken stop) => Task.CompletedTask;
}
