namespace ClickToDial.App.Webhooks;

/// <summary>A queued message that no retry will make good.</summary>
/// <param name="domain">Whose administrators may see it, where that is known.</param>
public sealed class UnprocessableEventException(string reason, string? domain = null) : Exception($"The event cannot be processed: {reason}.")
{
    /// <summary>Slug for logs.</summary>
    public string Reason { get; } = reason;

    public string? Domain { get; } = domain;
}
