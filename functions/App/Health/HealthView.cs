using ClickToDial.App.Sealing;

namespace ClickToDial.App.Health;

/// <param name="Status"><c>ok</c>; <c>degraded</c>: no calls can be placed, no scripts run, or secrets cannot be read or used anew; <c>down</c>: nothing that needs storage works.</param>
/// <param name="Dependencies">Each dependency with <c>up</c> or <c>down</c>; <c>off</c> for scripts where no runner is configured, and for secrets that are as the settings say.</param>
/// <param name="Sealing">How far stored secrets are sealed with the present key; left out before that was looked at, and without storage.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Dependencies, SealingView? Sealing = null);
