using System.Collections;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>The operations of a queue that are requests, not links.</summary>
internal sealed class BusManagement(BusQueue queue, DateTimeOffset now)
{
    public AmqpMap Do(string operation, AmqpMap request) => operation switch
    {
        "com.microsoft:renew-lock" => RenewLocks(request),
        "com.microsoft:renew-session-lock" => RenewSession(request),
        "com.microsoft:get-session-state" => One("session-state", SessionOf(request).State is { } state ? (object)new ArraySegment<byte>(state) : null),
        "com.microsoft:set-session-state" => SetState(request),
        "com.microsoft:peek-message" => Peek(request),
        "com.microsoft:schedule-message" => Schedule(request),
        "com.microsoft:cancel-scheduled-message" => Cancel(request),
        "com.microsoft:update-disposition" => Settle(request),
        _ => throw new AmqpException(AmqpErrorCode.NotImplemented, $"{operation} is not done here."),
    };

    private AmqpMap RenewLocks(AmqpMap request)
    {
        var held = Held(request);
        foreach (var message in held) message.LockedUntil = now + queue.Options.LockDuration;
        return One("expirations", held.Select(m => m.LockedUntil.UtcDateTime).ToArray());
    }

    private AmqpMap RenewSession(AmqpMap request)
    {
        var session = SessionOf(request);
        if (session.Holder is null) throw BusErrors.LockLost(ofSession: true);
        session.LockedUntil = now + queue.Options.LockDuration;
        return One("expiration", session.LockedUntil.UtcDateTime);
    }

    private AmqpMap SetState(AmqpMap request)
    {
        SessionOf(request).State = request.TryGetValue<object>(Key("session-state"), out var state) && state is ArraySegment<byte> bytes ? [.. bytes] : null;
        return new AmqpMap();
    }

    /// <summary>Free and locked messages alike.</summary>
    private AmqpMap Peek(AmqpMap request)
    {
        var (from, most) = ((long)request[Key("from-sequence-number")], (int)request[Key("message-count")]);
        var found = queue.Messages.Where(m => m.Sequence >= from).Take(most);
        return One("messages", found.Select(m => One("message", new ArraySegment<byte>(m.Encode()))).ToList());
    }

    private AmqpMap Schedule(AmqpMap request)
    {
        var messages = ((IEnumerable)request[Key("messages")]).Cast<AmqpMap>().Select(m => BusMessage.Read([.. (ArraySegment<byte>)m[Key("message")]]));
        return One("sequence-numbers", messages.Select(m => queue.Put(m, now)).ToArray());
    }

    private AmqpMap Cancel(AmqpMap request)
    {
        foreach (var sequence in (long[])request[Key("sequence-numbers")])
            if (!queue.Cancel(sequence)) throw new AmqpException(AmqpErrorCode.NotFound, "No such message is scheduled.");
        return new AmqpMap();
    }

    /// <summary>For messages whose link is gone: their lock alone counts.</summary>
    private AmqpMap Settle(AmqpMap request)
    {
        var status = (string)request[Key("disposition-status")];
        foreach (var message in Held(request))
        {
            if (status == "completed") queue.Complete(message);
            else if (status == "abandoned") queue.Abandon(message, now);
            else if (status == "suspended") queue.Bury(message, Text(request, "deadletter-reason"), Text(request, "deadletter-description"), now);
            else throw new AmqpException(AmqpErrorCode.NotImplemented, "Messages cannot be deferred here.");
        }

        return new AmqpMap();
    }

    private List<BusMessage> Held(AmqpMap request) =>
        [.. ((Guid[])request[Key("lock-tokens")]).Select(token => queue.Held(token) ?? throw BusErrors.LockLost(queue.Options.RequiresSession))];

    private BusSession SessionOf(AmqpMap request) => queue.Session((string)request[Key("session-id")]);

    private static string? Text(AmqpMap request, string name) => request.TryGetValue<string>(Key(name), out var text) ? text : null;

    private static AmqpMap One(string name, object? value) => new() { [Key(name)] = value };

    private static MapKey Key(string name) => new(name);
}
