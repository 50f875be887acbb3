using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Prepares storage, and tries again until storage is there. Until then requests that need storage answer 503, and nothing else waits.
/// </summary>
/// <param name="preparation">Made late: the host makes its services before it has all options checked, and the first faulty one would hide the rest.</param>
public sealed partial class StorageBootstrap(
    Func<StoragePreparation> preparation, TimeProvider time, ILogger<StorageBootstrap> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstWait; !stoppingToken.IsCancellationRequested; wait = Longer(wait))
        {
            try
            {
                await preparation().RunAsync(stoppingToken);
                LogReady();
                return;
            }
            catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stoppingToken.IsCancellationRequested)
            {
                LogWaiting(StorageFailure.Describe(e), wait);
            }

            await Task.Delay(wait, time, stoppingToken);
        }
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestWait ? wait * 2 : LongestWait;

    [LoggerMessage(1010, LogLevel.Warning, "Storage is not there yet ({Fault}); trying again in {Wait}")]
    private partial void LogWaiting(string fault, TimeSpan wait);

    [LoggerMessage(1011, LogLevel.Information, "Tables, queue and directory are ready")]
    private partial void LogReady();
}
