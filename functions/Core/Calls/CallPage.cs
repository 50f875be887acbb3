namespace ClickToDial.Core.Calls;

/// <param name="Next">Where to go on, or null at the end. There may be a next page after an empty one: only so many rows are looked at for a page.</param>
public sealed record CallPage(IReadOnlyList<CallRecord> Calls, string? Next);
