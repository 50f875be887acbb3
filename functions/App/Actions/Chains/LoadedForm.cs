namespace ClickToDial.App.Actions.Chains;

/// <param name="Form">JSON: id, name and fields with the patches laid over them.</param>
/// <param name="Ending">Why there is none; null when there is.</param>
public sealed record LoadedForm(string? Form, string? ScriptId, string? Entry, string? Ending = null, string? Detail = null);
