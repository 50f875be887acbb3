namespace ClickToDial.App.Actions.Chains;

/// <param name="Result">JSON, when it is done.</param>
/// <param name="Requests">JSON of what it asks for; empty when it asks for nothing.</param>
/// <param name="Fault">What is wrong, for its author; null when nothing is.</param>
/// <param name="Status">Of a thrown "404 Not found".</param>
/// <param name="Console">JSON of what it printed, cut where it is long; null for nothing.</param>
public sealed record ScriptResult(int Version, string? Result, IReadOnlyList<string> Requests, string? Fault = null, int? Status = null, string? Console = null);
