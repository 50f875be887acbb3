using Azure;
using Azure.Storage.Queues.Models;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>
/// Watches one queue: one loop that fetches a batch whenever few enough messages are running, and that owns their tasks.
/// Outlives storage: it waits with growing pauses and creates the queue again when it is gone.
/// </summary>
internal sealed class QueueListener(
    QueuePlan plan, QueueSettings settings, TimeSpan lease, QueueMessageProcessor processor,
    TimeProvider time, Random random, ILogger logger)
{
    private readonly List<Task> _running = [];
    private readonly PollingDelay _delay = new(settings.MaxPollingInterval, random);
    private bool _queueExists;
    private bool _storageDown;

    /// <summary>
    /// Runs until <paramref name="stop"/>, then waits for the messages that are still running; <paramref name="cancel"/> is
    /// what those messages' functions see.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        HostLog.QueueWatched(logger, plan.Function.Name, plan.Queue.Name);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await RoomAsync(stop);
                var messages = await FetchAsync(stop);
                foreach (var message in messages) _running.Add(processor.ProcessAsync(message, cancel));
                if (messages.Length > 0) _delay.Reset();
                else await Task.Delay(_delay.Next(), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        await Task.WhenAll(_running);
    }

    /// <summary>Waits until the next batch may be fetched.</summary>
    private async Task RoomAsync(CancellationToken stop)
    {
        _running.RemoveAll(t => t.IsCompleted);
        while (_running.Count > settings.NewBatchThreshold)
        {
            await Task.WhenAny(_running).WaitAsync(stop);
            _running.RemoveAll(t => t.IsCompleted);
        }
    }

    private async Task<QueueMessage[]> FetchAsync(CancellationToken stop)
    {
        try
        {
            if (!_queueExists) await plan.Queue.CreateIfNotExistsAsync(cancellationToken: stop);
            _queueExists = true;
            // Not cancelled half way: messages already received would stay hidden for a whole lease.
            QueueMessage[] messages = await plan.Queue.ReceiveMessagesAsync(settings.BatchSize, lease, CancellationToken.None);
            if (_storageDown) HostLog.StorageBack(logger, plan.Queue.Name);
            _storageDown = false;
            return messages;
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            _queueExists = false;
            return [];
        }
        catch (Exception e) when (StorageErrors.IsOutage(e))
        {
            if (!_storageDown && !stop.IsCancellationRequested) HostLog.StorageDown(logger, plan.Queue.Name, StorageErrors.Reason(e));
            _storageDown = true;
            return [];
        }
    }
}
