namespace ClickToDial.Core.Deliveries;

/// <param name="Status">Of the subscriber's answer; null when none came.</param>
/// <param name="Error">A stable word for why none came, such as <c>timeout</c>.</param>
/// <param name="Milliseconds">Until the answer's headers, or until it was given up.</param>
/// <param name="Excerpt">How the answer begins, without our secrets.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, string? Error, int Milliseconds, string? Excerpt = null)
{
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>RFC 9110 section 15.5.11: it will not come back.</summary>
    public bool IsGone => Status == 410;

    /// <summary>The subscriber itself is in trouble, not this one message: silence, 408, 429 and 5xx.</summary>
    public bool IsTrouble => Status is null or 408 or 429 or >= 500;
}
