namespace ClickToDial.App.Webhooks;

/// <summary>A queued message that no retry will make good.</summary>
public sealed class UnprocessableEventException(string reason) : Exception($"The event cannot be processed: {reason}.")
{
    /// <summary>Slug for logs.</summary>
    public string Reason { get; } = reason;
}
