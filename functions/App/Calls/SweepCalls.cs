namespace ClickToDial.App.Calls;

/// <summary>Every minute: no call stays open without a worker that has it.</summary>
public sealed class SweepCalls(CallSweeper sweeper)
{
    [Function(nameof(SweepCalls))]
    public Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken stop) => sweeper.SweepAsync(stop);
}
