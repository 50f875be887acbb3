namespace ClickToDial.Core.Actions.Forms;

/// <param name="Reason">Stable slug: required, unknown, type, length, pattern, range, choice, count.</param>
public sealed record FieldFault(string Field, string Reason);
