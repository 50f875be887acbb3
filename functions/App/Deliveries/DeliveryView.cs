using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <param name="EventId">The header webhook-id.</param>
/// <param name="NextAttemptAt">Null when it is over, or is about to be tried.</param>
/// <param name="Reason">Why it is dead.</param>
/// <param name="LastStatus">Of the subscriber's last answer.</param>
/// <param name="LatencyMilliseconds">Of the last attempt.</param>
/// <param name="History">The latest attempts, oldest first.</param>
public sealed record DeliveryView(
    string Id, string EventId, string Trigger, DeliveryStatus Status, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt,
    DateTimeOffset? FinishedAt, string? Reason, int? LastStatus, int? LatencyMilliseconds, IReadOnlyList<DeliveryAttempt> History)
{
    public static DeliveryView Of(Delivery d) => new(
        d.Id, d.EventId, d.Trigger, d.Status, d.Attempts, d.CreatedAt, d.DueAt, d.FinishedAt, d.Reason,
        Last(d)?.Status, Last(d)?.Milliseconds, d.History);

    private static DeliveryAttempt? Last(Delivery d) => d.History is [.., var last] ? last : null;
}
