namespace ClickToDial.App.Webhooks;

/// <summary>Every minute: what failed too often, mostly because storage was away, gets another chance.</summary>
public sealed class ReplayDeadLetters(DeadLetterDesk desk)
{
    [Function(nameof(ReplayDeadLetters))]
    public Task Run([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken stop) => desk.ReplayAsync(stop);
}
