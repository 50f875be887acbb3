namespace ClickToDial.App.Actions.Chains;

/// <summary>Every night: chains that ended long ago go, with what was kept for them.</summary>
public sealed class PurgeChains(ChainPurge purge)
{
    [Function(nameof(PurgeChains))]
    public Task Run([TimerTrigger("0 15 4 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken stop) => purge.PurgeAsync(client, stop);
}
