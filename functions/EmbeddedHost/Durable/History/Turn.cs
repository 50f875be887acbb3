namespace ClickToDial.EmbeddedHost.Durable.History;

/// <summary>
/// One step of an orchestration as history keeps it: what it was told, in order, and what it asked for then. A step is
/// stored as a whole or not at all.
/// </summary>
/// <param name="At">The orchestration's clock during the step (UTC).</param>
internal sealed record Turn(DateTime At, IReadOnlyList<HistoryEvent> Inputs, IReadOnlyList<HistoryEvent> Actions);
