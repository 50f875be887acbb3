namespace ClickToDial.App.Actions.Chains;

/// <param name="Answered">The answer is waited for, or else the end.</param>
public sealed record WatchWork(string Domain, string User, string ChainId, string CallId, bool Answered, string? Trace = null);
