namespace ClickToDial.App.PbxApi;

/// <summary>A page of what PBXes told, newest first.</summary>
/// <param name="Next">Cursor of the next page; absent on the last.</param>
/// <param name="TimeZone">In which fromDate and toDate were taken.</param>
public sealed record PbxItemPageView(IReadOnlyList<PbxItemView> Items, string? Next, string TimeZone);
