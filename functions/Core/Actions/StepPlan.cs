namespace ClickToDial.Core.Actions;

/// <summary>What one step of a chain does: run a script, then an action; at least one of the two.</summary>
/// <param name="Script">Runs first.</param>
/// <param name="Action">Null where the script's answer says what comes next.</param>
/// <param name="FormId">The form that <see cref="ActionName.OpenForm"/> opens, where it is known by id and not by name.</param>
public sealed record StepPlan(ScriptCall? Script, ChainAction? Action = null, string? FormId = null);
