namespace ClickToDial.App.Sealing;

/// <summary>Every five minutes: what older keys have sealed is sealed again.</summary>
public sealed class ResealSecrets(Resealer resealer)
{
    [Function(nameof(ResealSecrets))]
    public Task Run([TimerTrigger("20 */5 * * * *")] TimerInfo timer, CancellationToken stop) => resealer.RunAsync(stop);
}
