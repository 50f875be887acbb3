namespace ClickToDial.App.Actions.Chains;

/// <param name="Step">JSON of what the client gets.</param>
/// <param name="Before">How the step before it ended, or null.</param>
/// <param name="Console">JSON of what the script before it printed, or null.</param>
public sealed record ShowWork(string Domain, string ChainId, int Number, string Step, string? Before, string? Console = null, string? Trace = null);
