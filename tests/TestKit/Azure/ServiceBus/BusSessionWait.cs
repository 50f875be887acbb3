using Microsoft.Azure.Amqp;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>A client that asked to receive; it gets its link once there is a session for it, or learns in time that there is none.</summary>
internal sealed class BusSessionWait(AmqpLink link, BusQueue queue, bool bySession, string? wanted, DateTimeOffset until)
{
    private readonly TaskCompletionSource<BusSession?> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null for a link that needs no session.</summary>
    public Task<BusSession?> Session => _session.Task;

    public DateTimeOffset Until => until;

    /// <summary>Whether it waits no more.</summary>
    public bool TryEnd(DateTimeOffset now)
    {
        if (!bySession) return _session.TrySetResult(null);
        if (link.IsClosing()) return _session.TrySetException(BusErrors.NoSession(wanted));
        if (queue.Accept(wanted, link, now) is { } session) return _session.TrySetResult(session);
        return (wanted is not null || now >= until) && _session.TrySetException(BusErrors.NoSession(wanted));
    }
}
