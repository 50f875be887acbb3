namespace ClickToDial.App.Actions.Chains;

/// <param name="Reply">JSON of what the script before it answered, or null.</param>
/// <param name="Show">The step that opens it, still without the form.</param>
public sealed record FormWork(string Domain, string? FormId, string? Name, string? Reply, ShowWork Show);
