namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described.</summary>
public sealed record ButtonsAnswer(IReadOnlyList<ButtonAnswer> Buttons);
