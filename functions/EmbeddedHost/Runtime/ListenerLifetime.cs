using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>
/// Starts and stops the loops of a listener. Stopping lets running functions finish; when the host's shutdown timeout is over
/// they are cancelled, and what ignores even that is left behind.
/// </summary>
internal sealed class ListenerLifetime(TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>For cancelled functions to notice, and for their messages to be released.</summary>
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private Task _running = Task.CompletedTask;

    /// <param name="loops">Each gets the token that ends it, and the one that its functions see.</param>
    public void Start(IEnumerable<Func<CancellationToken, CancellationToken, Task>> loops) =>
        _running = Task.WhenAll(loops.Select(WatchAsync));

    public async Task StopAsync(CancellationToken timeIsOver)
    {
        await _stop.CancelAsync();
        if (await Ended(_running.WaitAsync(timeIsOver))) return;
        await _cancel.CancelAsync();
        if (!await Ended(_running.WaitAsync(CancelGrace, time, CancellationToken.None))) HostLog.FunctionsAbandoned(logger);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _cancel.Dispose();
    }

    /// <summary>A loop is made to survive everything outside; if it ends all the same, that is a defect and must be seen.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The failure of one loop must not keep the others from being stopped in order.")]
    private async Task WatchAsync(Func<CancellationToken, CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stop.Token, _cancel.Token);
        }
        catch (Exception e)
        {
            HostLog.ListenerDied(logger, e);
        }
    }

    private static async Task<bool> Ended(Task running)
    {
        try
        {
            await running;
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }
}
