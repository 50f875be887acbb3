using Azure;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>Where a stored step left things: the new ETag of the head, and the rows that were written.</summary>
internal sealed record CommitReceipt(
    ETag ETag, IReadOnlyList<string> HistoryRows, IReadOnlyList<Message> Inbox, IReadOnlyList<OutgoingMessage> Outbox);
