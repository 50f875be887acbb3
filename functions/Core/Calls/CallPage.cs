namespace ClickToDial.Core.Calls;

/// <param name="Next">Position of the last call, or null when there are no more.</param>
public sealed record CallPage(IReadOnlyList<CallRecord> Calls, string? Next);
