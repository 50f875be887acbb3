namespace ClickToDial.App.Actions.Chains;

/// <summary>A form that is shown, and what continues behind it.</summary>
/// <param name="Ending">Why there is none; null when there is.</param>
public sealed record LoadedForm(string? ScriptId, string? Entry, string? Ending = null, string? Detail = null);
