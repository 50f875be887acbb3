namespace ClickToDial.Core.Calls;

/// <summary>An event on its way into the queue.</summary>
/// <param name="Body">The raw bytes as they came.</param>
/// <param name="Source">Who put it there, see <see cref="EventSources"/>.</param>
/// <param name="Domain">The only domain that the sender may tell of; null for any.</param>
/// <param name="Sender">Name of the source it was posted to; null for the one without a name.</param>
/// <param name="Trigger">Last part of the URL it was posted to, or null.</param>
/// <param name="EventId">By which a queue that looks for duplicates knows it; null to go by its bytes.</param>
/// <param name="CallId">By which a queue that has sessions keeps order; null when it is about no call.</param>
/// <param name="TraceParent">W3C trace context of who put it there.</param>
/// <param name="Delay">It is not to be seen before so long.</param>
public sealed record QueuedEvent(
    ReadOnlyMemory<byte> Body,
    string Source,
    string? Domain = null,
    string? Sender = null,
    string? Trigger = null,
    string? EventId = null,
    string? CallId = null,
    TimeSpan? Delay = null,
    string? TraceParent = null);
