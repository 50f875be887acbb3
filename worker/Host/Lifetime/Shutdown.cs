using ClickToDial.Calls;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.Lifetime;

/// <summary>The order of going: unready, no new calls, those under way end or are ended, their events leave.</summary>
internal static class Shutdown
{
    // What is not accepted by then stays on disk for the next start.
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(CallServer server, WorkerOptions options, ILogger logger, CancellationToken hurry)
    {
        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(hurry))
        {
            enough.CancelAfter(TimeSpan.FromSeconds(options.DrainSeconds));
            var drained = server.DrainAsync(enough.Token);
            // Said once it is true: whoever reads it may rely on no new call being taken.
            ShutdownLog.Draining(logger, server.Health.Calls, options.DrainSeconds);
            await drained;
        }
        ShutdownLog.Stopping(logger, server.Health.Calls);
        using var limit = new CancellationTokenSource(FlushLimit);
        await server.StopAsync(limit.Token);
    }
}

internal static partial class ShutdownLog
{
    [LoggerMessage(6001, LogLevel.Information, "Draining: {Calls} calls under way, at most {Seconds} s")]
    public static partial void Draining(ILogger logger, int calls, int seconds);

    [LoggerMessage(6002, LogLevel.Information, "Stopping: {Calls} calls are hung up")]
    public static partial void Stopping(ILogger logger, int calls);
}
