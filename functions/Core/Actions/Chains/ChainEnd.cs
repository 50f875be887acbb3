namespace ClickToDial.Core.Actions.Chains;

/// <param name="Reason">See <see cref="ChainEndings"/>.</param>
/// <param name="Detail">For people: the author of the script, or the agent.</param>
/// <param name="Status">What a script that threw "404 Not found" stands for.</param>
public sealed record ChainEnd(string Reason, string? Detail = null, int? Status = null);
