using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters.Bus;

/// <summary>
/// Puts events into the Service Bus queue, each as a message of its own: its session is the call, which keeps the call's order, and its
/// id is the event's, by which the queue drops what it has been sent before.
/// </summary>
public sealed class BusEventSink(EventBus bus, EventBodies bodies, QueueDeadline deadline, TimeProvider time) : IEventSink, IAsyncDisposable
{
    /// <summary>Longest id of messages and sessions in Service Bus, in characters.</summary>
    private const int LongestId = 128;

    private readonly Lazy<ServiceBusSender> _sender = new(bus.Sender);
    private readonly Lazy<ServiceBusReceiver> _deadLetters = new(bus.DeadLetters);

    public Task EnqueueAsync(IReadOnlyList<QueuedEvent> events, CancellationToken stop) => deadline.RunAsync(
        async either =>
        {
            var messages = new List<ServiceBusMessage>(events.Count);
            foreach (var e in events) messages.Add(await MessageAsync(e, either));
            if (messages.Count == 1) await _sender.Value.SendMessageAsync(messages[0], either);
            else await SendAllAsync(messages, either);
        },
        BusFailure.IsUnavailable,
        stop);

    public async Task<bool> IsReachableAsync(CancellationToken stop)
    {
        try
        {
            // A look at the dead letters is a question that no session has to be held for.
            await deadline.RunAsync(either => _deadLetters.Value.PeekMessageAsync(cancellationToken: either), BusFailure.IsUnavailable, stop);
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sender.IsValueCreated) await _sender.Value.DisposeAsync();
        if (_deadLetters.IsValueCreated) await _deadLetters.Value.DisposeAsync();
    }

    /// <summary>As few transfers as the size of one allows. Should a later one fail, a repeat of the post finds the earlier ones known.</summary>
    private async Task SendAllAsync(IReadOnlyList<ServiceBusMessage> messages, CancellationToken stop)
    {
        var batch = await _sender.Value.CreateMessageBatchAsync(stop);
        try
        {
            foreach (var message in messages)
            {
                if (batch.TryAddMessage(message)) continue;
                await _sender.Value.SendMessagesAsync(batch, stop);
                batch.Dispose();
                batch = await _sender.Value.CreateMessageBatchAsync(stop);
                if (!batch.TryAddMessage(message)) throw new InvalidOperationException("An event does not fit a message.");
            }

            await _sender.Value.SendMessagesAsync(batch, stop);
        }
        finally
        {
            batch.Dispose();
        }
    }

    private async Task<ServiceBusMessage> MessageAsync(QueuedEvent e, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var envelope = await bodies.EnvelopeAsync(e, now, stop);
        var id = e.EventId is { } given ? Bounded(given) : ContentId(e);
        var message = new ServiceBusMessage(JsonSerializer.SerializeToUtf8Bytes(envelope, AppJson.Default.EventEnvelope))
        {
            MessageId = id,
            SessionId = e.CallId is { } call ? Bounded(call) : id,
            ContentType = "application/json",
        };
        if (e.TraceParent is { } trace) message.ApplicationProperties[Spans.Header] = trace;
        if (e.Delay is { } delay) message.ScheduledEnqueueTime = now + delay;
        return message;
    }

    private static string Bounded(string id) => id.Length <= LongestId ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>The same bytes from the same sender are the same event.</summary>
    private static string ContentId(QueuedEvent e)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{e.Source}\n{e.Domain}\n{e.Sender}\n{e.Trigger}\n"));
        hash.AppendData(e.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
