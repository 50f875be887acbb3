namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>
/// One queue: what is in it, who holds what until when. It knows no wire and no clock; the broker's loop alone calls it.
/// </summary>
internal sealed class BusQueue(string name, BusQueueOptions options, BusQueue? deadLetters)
{
    private readonly SortedDictionary<long, BusMessage> _messages = [];
    private readonly Dictionary<long, BusMessage> _scheduled = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private readonly Dictionary<string, BusSession> _sessions = [];
    private long _last;

    public string Name => name;

    public BusQueueOptions Options => options;

    public int Count => _messages.Count + _scheduled.Count;

    public IEnumerable<BusMessage> Messages => _messages.Values;

    /// <returns>The number it got; 0 when it was dropped for a duplicate.</returns>
    public long Put(BusMessage message, DateTimeOffset now)
    {
        if (options.RequiresSession && message.SessionId is null) throw BusErrors.SessionMissing();
        if (IsDuplicate(message, now)) return 0;
        message.Sequence = ++_last;
        message.EnqueuedAt = now;
        if (message.DueAt > now) _scheduled[message.Sequence] = message;
        else _messages[message.Sequence] = message;
        return message.Sequence;
    }

    public bool Cancel(long sequence) => _scheduled.Remove(sequence);

    /// <summary>The next free message for this holder, now locked for it; null when there is none.</summary>
    public BusMessage? Take(object holder, BusSession? session, DateTimeOffset now)
    {
        var next = _messages.Values.FirstOrDefault(m => m.Holder is null && (session is null || m.SessionId == session.Id));
        if (next is null) return null;
        (next.Holder, next.LockToken, next.LockedUntil) = (holder, Guid.NewGuid(), now + options.LockDuration);
        return next;
    }

    /// <summary>Locks a session: the one asked for, or for null any that has a message free.</summary>
    public BusSession? Accept(string? wanted, object holder, DateTimeOffset now)
    {
        var id = wanted ?? _messages.Values.FirstOrDefault(m => m.Holder is null && m.SessionId is { } s && Session(s).Holder is null)?.SessionId;
        if (id is null || Session(id) is not { Holder: null } session) return null;
        (session.Holder, session.LockedUntil) = (holder, now + options.LockDuration);
        return session;
    }

    /// <summary>State outlives locks and messages.</summary>
    public BusSession Session(string id) => _sessions.TryGetValue(id, out var known) ? known : _sessions[id] = new BusSession(id);

    /// <summary>What the holder had of a session is free again; deliveries that were not settled do not count.</summary>
    public void Release(BusSession session, object holder)
    {
        if (session.Holder != holder) return;
        session.Holder = null;
        foreach (var message in _messages.Values.Where(m => m.SessionId == session.Id)) message.Holder = null;
    }

    public BusMessage? Held(Guid token) => _messages.Values.FirstOrDefault(m => m.Holder is not null && m.LockToken == token);

    public void Complete(BusMessage message) => _messages.Remove(message.Sequence);

    public void Abandon(BusMessage message, DateTimeOffset now)
    {
        message.Holder = null;
        message.Failures++;
        if (message.Failures < options.MaxDeliveryCount || deadLetters is null) return;
        Bury(message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {options.MaxDeliveryCount} delivery attempts.", now);
    }

    public void Bury(BusMessage message, string? reason, string? description, DateTimeOffset now)
    {
        _messages.Remove(message.Sequence);
        message.Holder = null;
        if (deadLetters is null) return;
        message.Note("DeadLetterReason", reason);
        message.Note("DeadLetterErrorDescription", description);
        message.Annotate("x-opt-deadletter-source", name);
        deadLetters.Put(message, now);
    }

    /// <summary>What time alone does: locks that end, messages that fall due.</summary>
    public void Pass(DateTimeOffset now)
    {
        foreach (var session in _sessions.Values.Where(s => s.Holder is not null && s.LockedUntil <= now))
        {
            session.Holder = null;
            foreach (var message in _messages.Values.Where(m => m.Holder is not null && m.SessionId == session.Id).ToList()) Abandon(message, now);
        }

        // A message of a session is locked for as long as the session is.
        if (!options.RequiresSession)
            foreach (var message in _messages.Values.Where(m => m.Holder is not null && m.LockedUntil <= now).ToList()) Abandon(message, now);
        foreach (var message in _scheduled.Values.Where(m => m.DueAt <= now).OrderBy(m => m.DueAt).ThenBy(m => m.Sequence).ToList())
        {
            _scheduled.Remove(message.Sequence);
            message.Sequence = ++_last;
            message.EnqueuedAt = now;
            _messages[message.Sequence] = message;
        }
    }

    /// <summary>When <see cref="Pass"/> has something to do next; null for never.</summary>
    public DateTimeOffset? NextChange()
    {
        var ends = _scheduled.Values.Select(m => m.DueAt)
            .Concat(_sessions.Values.Where(s => s.Holder is not null).Select(s => (DateTimeOffset?)s.LockedUntil));
        if (!options.RequiresSession) ends = ends.Concat(_messages.Values.Where(m => m.Holder is not null).Select(m => (DateTimeOffset?)m.LockedUntil));
        return ends.Min();
    }

    private bool IsDuplicate(BusMessage message, DateTimeOffset now)
    {
        if (options.DuplicateWindow is not { } window || message.Id is not { } id) return false;
        if (_seen.TryGetValue(id, out var at) && now - at < window) return true;
        _seen[id] = now;
        return false;
    }
}
