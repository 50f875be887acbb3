using ClickToDial.App.Webhooks;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters;

/// <summary>How long anybody waits for the event queue.</summary>
public sealed class QueueDeadline(WebhookOptions options, TimeProvider time)
{
    /// <param name="isUnavailable">Whether a failure is the queue's.</param>
    /// <exception cref="QueueUnavailableException">The queue failed, or took too long.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> send, Func<Exception, bool> isUnavailable, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.QueueTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            await send(either.Token);
        }
        catch (Exception e) when (isUnavailable(e) && !stop.IsCancellationRequested)
        {
            throw new QueueUnavailableException(e);
        }
    }
}
