namespace ClickToDial.App.Actions.Chains;

/// <summary>One run of a script: the first, or a repetition with the answers so far.</summary>
/// <param name="Version">Null for the newest; a repetition names the one it began with.</param>
/// <param name="Data">JSON.</param>
/// <param name="Now">Clock of the run, in milliseconds since 1970.</param>
/// <param name="Answers">JSON of each answer.</param>
public sealed record ScriptWork(
    string Domain, string User, string ChainId, int Step, string ScriptId, string Entry, int? Version, string Data, string Seed, long Now, IReadOnlyList<string> Answers, string? Trace = null);
