namespace ClickToDial.Core.Deliveries;

/// <summary>One event on its way to one subscriber.</summary>
public sealed record Delivery
{
    public required string Domain { get; init; }

    public required string Subscription { get; init; }

    /// <summary>Made of time and id of the event, so that an event handed on twice is one delivery. Newer ones sort first.</summary>
    public required string Id { get; init; }

    /// <summary>The header <c>webhook-id</c>: the same in every attempt, and in a replay.</summary>
    public required string EventId { get; init; }

    public required string Trigger { get; init; }

    /// <summary>Deliveries of one lane go out one after the other.</summary>
    public required string Lane { get; init; }

    /// <summary>Where it stands in its lane, by ordinal order.</summary>
    public required string Place { get; init; }

    /// <summary>When it was handed on, or last replayed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required byte[] Body { get; init; }

    public string? TraceParent { get; init; }

    public DeliveryStatus Status { get; init; }

    /// <summary>Attempts made since it was handed on or last replayed.</summary>
    public int Attempts { get; init; }

    /// <summary>Not before; null for at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it is dead.</summary>
    public string? Reason { get; init; }

    /// <summary>The latest attempts, oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> History { get; init; } = [];

    /// <summary>Of the stored row; a write fails when it has another one meanwhile.</summary>
    public string? Version { get; init; }

    private const int MaxHistory = 12;

    public Delivery Tried(DeliveryAttempt attempt) => this with { Attempts = Attempts + 1, History = [.. History.TakeLast(MaxHistory - 1), attempt] };

    public Delivery Finished(DeliveryStatus status, DateTimeOffset now, string? reason = null) =>
        this with { Status = status, FinishedAt = now, Reason = reason, DueAt = null };

    /// <summary>To be sent again, from the beginning.</summary>
    public Delivery Revived(DateTimeOffset now) => this with { Status = DeliveryStatus.Pending, CreatedAt = now, Attempts = 0, DueAt = null, FinishedAt = null, Reason = null };
}
