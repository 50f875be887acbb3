namespace ClickToDial.Core.Actions.Forms;

/// <param name="Value">What is sent.</param>
/// <param name="Label">What is shown; the value where it is missing.</param>
public sealed record FieldOption(string Value, string? Label = null);
