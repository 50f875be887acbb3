namespace ClickToDial.App.Health;

/// <param name="Status"><c>ok</c>; <c>degraded</c>: no calls can be placed; <c>down</c>: nothing that needs storage works.</param>
/// <param name="Dependencies">Each dependency with <c>up</c> or <c>down</c>.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Dependencies);
