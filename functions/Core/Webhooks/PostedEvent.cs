namespace ClickToDial.Core.Webhooks;

/// <summary>One event of a post: where its bytes are, and the ids that the queue needs.</summary>
/// <param name="EventId">Stable over repeats; null when the sender gives none.</param>
/// <param name="CallId">Of the call that it is about; null when it names none.</param>
public readonly record struct PostedEvent(ReadOnlyMemory<byte> Body, string? EventId, string? CallId);
