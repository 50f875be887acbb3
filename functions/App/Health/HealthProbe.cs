using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.App.Sealing;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;

namespace ClickToDial.App.Health;

/// <summary>Asks everything the app depends on whether it is there, all at once.</summary>
public sealed class HealthProbe(IDirectoryReader directory, IEventSink queue, IWorkerClient worker, ScriptRunnerClient scripts, SecretHealth secrets, SealingStates sealing, TimeProvider time)
{
    public async Task<HealthView> ProbeAsync(CancellationToken stop)
    {
        var storageUp = StorageAsync(stop);
        var queueUp = queue.IsReachableAsync(stop);
        var workerUp = worker.IsReadyAsync(stop);
        var scriptsUp = scripts.IsConfigured ? scripts.IsReadyAsync(stop) : Task.FromResult(true);
        var sealedWith = SealingAsync(stop);
        await Task.WhenAll(storageUp, queueUp, workerUp, scriptsUp, sealedWith);
        var isDown = !await storageUp || !await queueUp;
        return new HealthView(
            isDown ? "down" : await workerUp && await scriptsUp && secrets.Word != "down" ? "ok" : "degraded",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["storage"] = Word(await storageUp),
                ["queue"] = Word(await queueUp),
                ["worker"] = Word(await workerUp),
                ["scripts"] = scripts.IsConfigured ? Word(await scriptsUp) : "off",
                ["secrets"] = secrets.Word,
            },
            await sealedWith);
    }

    private async Task<bool> StorageAsync(CancellationToken stop)
    {
        try
        {
            await directory.CheckAsync(stop);
            return true;
        }
        catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<SealingView?> SealingAsync(CancellationToken stop)
    {
        try
        {
            return (await sealing.ReadAsync(stop)).State?.ViewAt(time.GetUtcNow());
        }
        catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Word(bool isUp) => isUp ? "up" : "down";
}
