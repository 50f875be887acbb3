using ClickToDial.App.Adapters;

namespace ClickToDial.App.Calls;

/// <summary>Every night: what nobody can ask for any more goes.</summary>
public sealed class PurgeExpired(ExpiredRows rows)
{
    [Function(nameof(PurgeExpired))]
    public Task Run([TimerTrigger("0 30 3 * * *")] TimerInfo timer, CancellationToken stop) => rows.PurgeAsync(stop);
}
