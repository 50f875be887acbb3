namespace ClickToDial.App.Actions.Chains;

/// <param name="Number">The last step that was shown.</param>
/// <param name="Before">How it ended, or null.</param>
/// <param name="Last">A step that is shown with the end; its number is then <paramref name="Number"/>.</param>
/// <param name="Console">JSON of what a script printed after the last step, or null.</param>
public sealed record EndWork(
    string Domain, string ChainId, string User, int Number, string? Before, string Reason, string? Detail, int? Status, ShowWork? Last = null, string? Console = null, string? Trace = null);
