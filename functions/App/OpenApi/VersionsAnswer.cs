namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: the versions of something built, oldest first.</summary>
public sealed record VersionsAnswer<T>(IReadOnlyList<T> Versions);
