namespace ClickToDial.App.Calls;

/// <summary>All that are under way and may be seen.</summary>
public sealed record LiveCallsView(IReadOnlyList<LiveCallView> Calls);
