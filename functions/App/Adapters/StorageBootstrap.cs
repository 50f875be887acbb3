using ClickToDial.App.Directory;
using ClickToDial.App.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Makes tables, queue and container, then seeds the directory; tries again until storage is there. Until then requests that need
/// storage answer 503, and nothing else waits.
/// </summary>
public sealed partial class StorageBootstrap(
    StorageClients storage, DirectorySeeder seeder, TimeProvider time, ILogger<StorageBootstrap> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstWait; !stoppingToken.IsCancellationRequested; wait = Longer(wait))
        {
            try
            {
                await PrepareAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stoppingToken.IsCancellationRequested)
            {
                LogWaiting(StorageFailure.Describe(e), wait);
            }

            await Task.Delay(wait, time, stoppingToken);
        }
    }

    private async Task PrepareAsync(CancellationToken stop)
    {
        foreach (var table in TableNames.All) await storage.Tables.CreateTableIfNotExistsAsync(table, stop);
        await storage.Queues.GetQueueClient(EventEnvelope.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Blobs.GetBlobContainerClient(EventEnvelope.ContainerName).CreateIfNotExistsAsync(cancellationToken: stop);
        await seeder.SeedAsync(stop);
        LogReady();
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestWait ? wait * 2 : LongestWait;

    [LoggerMessage(1010, LogLevel.Warning, "Storage is not there yet ({Fault}); trying again in {Wait}")]
    private partial void LogWaiting(string fault, TimeSpan wait);

    [LoggerMessage(1011, LogLevel.Information, "Tables, queue and directory are ready")]
    private partial void LogReady();
}
