using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Something to tell an orchestration in its next step.</summary>
/// <param name="At">What came first is told first.</param>
/// <param name="Event">Null when it is not for this execution any more and only its rows are to go.</param>
/// <param name="Told">Where it comes from when it was never in the inbox.</param>
internal sealed record News(DateTimeOffset At, HistoryEvent? Event, IReadOnlyList<string> Rows, Told? Told = null);
