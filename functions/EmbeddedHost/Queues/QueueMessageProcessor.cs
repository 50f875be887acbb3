using Azure;
using Azure.Storage.Queues.Models;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>
/// Takes one message through its function: success deletes it, failure hides it for a while, and the last failure moves it to
/// the poison queue. When storage fails in between, the message comes back after its lease: functions see it at least once.
/// </summary>
internal sealed class QueueMessageProcessor(
    QueuePlan plan, QueueSettings settings, TimeSpan lease, FunctionRunner runner, TimeProvider time, ILogger logger)
{
    public async Task ProcessAsync(QueueMessage message, CancellationToken cancel)
    {
        try
        {
            if (ReceivedMessage.Decode(message, settings.Encoding) is not { } received)
            {
                HostLog.MessageUndecodable(logger, plan.Queue.Name, message.MessageId);
                await PoisonAsync(message, message.PopReceipt);
            }
            else if (message.DequeueCount > settings.MaxDequeueCount)
            {
                // It failed often enough already, and moving it failed too.
                await PoisonAsync(message, message.PopReceipt);
            }
            else
            {
                await RunAsync(received, cancel);
            }
        }
        catch (Exception e) when (StorageErrors.IsOutage(e))
        {
            HostLog.MessageNotSettled(logger, plan.Queue.Name, message.MessageId, StorageErrors.Reason(e));
        }
    }

    private async Task RunAsync(ReceivedMessage received, CancellationToken cancel)
    {
        var message = received.Message;
        await using var held = QueueLease.Hold(plan.Queue, message.MessageId, message.PopReceipt, lease, time, logger);
        var outcome = await runner.RunInScopeAsync(plan.Function, received, received.BindingData(), cancel);
        await held.EndAsync();
        if (outcome == InvocationOutcome.Succeeded) await DeleteAsync(message, held.Receipt);
        else if (outcome == InvocationOutcome.Cancelled) await ReleaseAsync(message, held.Receipt, TimeSpan.Zero);
        else if (message.DequeueCount >= settings.MaxDequeueCount) await PoisonAsync(message, held.Receipt);
        else await ReleaseAsync(message, held.Receipt, settings.VisibilityTimeout);
    }

    private async Task PoisonAsync(QueueMessage message, string receipt)
    {
        await plan.Poison.CreateIfNotExistsAsync();
        await plan.Poison.SendMessageAsync(message.Body);
        HostLog.MessagePoisoned(logger, plan.Queue.Name, message.MessageId, message.DequeueCount);
        await DeleteAsync(message, receipt);
    }

    private async Task DeleteAsync(QueueMessage message, string receipt)
    {
        try
        {
            await plan.Queue.DeleteMessageAsync(message.MessageId, receipt);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            // The lease was lost: whoever holds the message now decides about it.
            HostLog.LeaseLost(logger, plan.Queue.Name, message.MessageId);
        }
    }

    private async Task ReleaseAsync(QueueMessage message, string receipt, TimeSpan hidden)
    {
        try
        {
            await plan.Queue.UpdateMessageAsync(message.MessageId, receipt, (string?)null, hidden);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            HostLog.LeaseLost(logger, plan.Queue.Name, message.MessageId);
        }
    }
}
