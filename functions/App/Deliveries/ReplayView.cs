namespace ClickToDial.App.Deliveries;

/// <param name="Replayed">How many are on their way again.</param>
/// <param name="Next">Cursor to go on with, or null when that was all.</param>
public sealed record ReplayView(int Replayed, string? Next);
