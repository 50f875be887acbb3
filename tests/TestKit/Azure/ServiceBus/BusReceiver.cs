using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>A link by which a client receives: hands out what its credit allows, and takes what the client decides about it.</summary>
internal sealed class BusReceiver(SendingAmqpLink link, BusQueue queue, BusSession? session, TimeProvider time)
{
    public BusQueue Queue => queue;

    public BusSession? Session => session;

    private object Holder => link;

    /// <summary>Sends while there is credit and something to send.</summary>
    public void Pump()
    {
        if (session is not null && session.Holder != Holder) return;
        while (link.State == AmqpObjectState.Opened && link.LinkCredit > 0 && queue.Take(Holder, session, time.GetUtcNow()) is { } message)
        {
            link.SendMessageNoWait(message.ToAmqp(), new ArraySegment<byte>(message.LockToken.ToByteArray()), AmqpConstants.NullBinary);
            if (link.Settings.SettleType == SettleMode.SettleOnSend) queue.Complete(message);
        }
    }

    /// <summary>Answers the client's decision; it learns when the lock was lost meanwhile.</summary>
    public void Settle(Delivery delivery)
    {
        var outcome = delivery.State;
        try
        {
            var token = new Guid(delivery.DeliveryTag.AsSpan());
            if (queue.Held(token) is not { } message || message.Holder != Holder) throw BusErrors.LockLost(session is not null);
            Apply(message, outcome, time.GetUtcNow());
            // Without the client's own error: in an answer, an error is the broker's.
            link.DisposeDelivery(delivery, settled: true, outcome is Rejected ? new Rejected() : outcome);
        }
        catch (AmqpException e)
        {
            link.DisposeDelivery(delivery, settled: true, new Rejected { Error = e.Error });
        }
    }

    /// <summary>The link is gone; a session with it, while single messages stay locked until their time is over.</summary>
    public void Close()
    {
        if (session is not null) queue.Release(session, Holder);
    }

    public void LoseSession() => link.SafeClose(BusErrors.LockLost(ofSession: true));

    private void Apply(BusMessage message, DeliveryState outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case Accepted:
                queue.Complete(message);
                break;
            case Rejected rejected:
                queue.Bury(message, Text(rejected, "DeadLetterReason"), Text(rejected, "DeadLetterErrorDescription"), now);
                break;
            case Modified { UndeliverableHere: true }:
                throw new AmqpException(AmqpErrorCode.NotImplemented, "Messages cannot be deferred here.");
            case Released:
                message.Holder = null;
                break;
            default:
                queue.Abandon(message, now);
                break;
        }
    }

    private static string? Text(Rejected rejected, string name) =>
        rejected.Error?.Info is { } info && info.TryGetValue<string>(name, out var text) ? text : null;
}
