using Azure;
using Azure.Storage.Queues;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>
/// Keeps a message hidden from others while its function runs, by extending its visibility at half of the lease. Each renewal
/// yields a new receipt, and only the newest one deletes the message.
/// </summary>
internal sealed class QueueLease : IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly string _messageId;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    private QueueLease(QueueClient queue, string messageId, string receipt, TimeSpan lease, TimeProvider time, ILogger logger)
    {
        (_queue, _messageId, _lease, _time, _logger) = (queue, messageId, lease, time, logger);
        Receipt = receipt;
        _renewing = RenewAsync();
    }

    /// <summary>The newest receipt. Settled once <see cref="EndAsync"/> has returned.</summary>
    public string Receipt { get; private set; }

    public static QueueLease Hold(
        QueueClient queue, string messageId, string receipt, TimeSpan lease, TimeProvider time, ILogger logger) =>
        new(queue, messageId, receipt, lease, time, logger);

    /// <summary>Stops renewing and waits for a renewal that is under way, since it changes the receipt.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private async Task RenewAsync()
    {
        while (await WaitAsync())
        {
            try
            {
                var renewed = await _queue.UpdateMessageAsync(_messageId, Receipt, (string?)null, _lease, CancellationToken.None);
                Receipt = renewed.Value.PopReceipt;
                HostLog.LeaseRenewed(_logger, _queue.Name, _messageId);
            }
            catch (RequestFailedException e) when (e.Status is 400 or 404)
            {
                // Another receiver has it, or it is deleted: nothing is left to renew.
                HostLog.LeaseLost(_logger, _queue.Name, _messageId);
                return;
            }
            catch (Exception e) when (StorageErrors.IsOutage(e))
            {
                // Storage may be back before the lease is over.
                HostLog.LeaseNotRenewed(_logger, _queue.Name, _messageId, StorageErrors.Reason(e));
            }
        }
    }

    private async Task<bool> WaitAsync()
    {
        try
        {
            await Task.Delay(_lease / 2, _time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
