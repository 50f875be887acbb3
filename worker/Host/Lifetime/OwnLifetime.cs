namespace ClickToDial.Worker.Lifetime;

/// <summary>Keeps the framework's hands off the signals: <see cref="StopSignals"/> has them.</summary>
internal sealed class OwnLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
