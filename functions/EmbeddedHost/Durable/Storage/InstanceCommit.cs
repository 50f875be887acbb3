using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>One step to be stored: all of it, or nothing.</summary>
/// <param name="Turn">Added to history as the next step of the execution before; null when nothing is to be remembered.</param>
/// <param name="Inbox">What the instance's next execution is told first.</param>
/// <param name="Deletes">Rows that the step used up.</param>
internal sealed record InstanceCommit(
    InstanceState Before,
    InstanceState After,
    Turn? Turn,
    IReadOnlyList<Message> Inbox,
    IReadOnlyList<OutgoingMessage> Outbox,
    IReadOnlyList<string> Deletes);
