namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described.</summary>
public sealed record FormsAnswer(IReadOnlyList<FormAnswer> Forms);
