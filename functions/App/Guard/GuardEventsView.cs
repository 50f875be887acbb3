namespace ClickToDial.App.Guard;

/// <summary>Answer of <c>GET /api/guard/events</c>, newest first.</summary>
public sealed record GuardEventsView(IReadOnlyList<GuardEventView> Events);
