namespace ClickToDial.App.Actions.Chains;

public sealed record EntryWork(string Domain, string User, string ChainId, string Key, string? Decision, string? Trace = null);
