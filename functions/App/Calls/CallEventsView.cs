using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Calls;

/// <summary>Answer of <c>GET /api/calls/{id}/events</c>, by sequence.</summary>
public sealed record CallEventsView(IReadOnlyList<CallEvent> Events);
