namespace ClickToDial.Core.Actions;

/// <summary>One action with its parameters, as they are defined: see <see cref="ActionRules"/>.</summary>
public sealed record ChainAction(ActionName Name, IReadOnlyList<string> Parameters);
