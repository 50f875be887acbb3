namespace ClickToDial.App.Workers;

/// <summary>Where a worker said it is.</summary>
/// <param name="Url">Address of its control API.</param>
/// <param name="IsFresh">It spoke a moment ago, so new calls may be offered to it.</param>
/// <param name="SeenAt">When it spoke last.</param>
public sealed record WorkerPlace(string Url, bool IsFresh, DateTimeOffset SeenAt);
