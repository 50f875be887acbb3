namespace ClickToDial.App.Calls;

/// <summary>Answer of <c>GET /api/calls</c>.</summary>
/// <param name="Next">Cursor of the next page; absent on the last.</param>
/// <param name="TimeZone">In which fromDate and toDate were taken.</param>
public sealed record CallPageView(IReadOnlyList<CallView> Calls, string? Next, string TimeZone);
