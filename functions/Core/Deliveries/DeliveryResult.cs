namespace ClickToDial.Core.Deliveries;

/// <param name="RetryAfter">What the subscriber asked for.</param>
/// <param name="Body">The beginning of its answer.</param>
public sealed record DeliveryResult(DeliveryAttempt Attempt, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body);
