namespace ClickToDial.App.Actions.Chains;

public sealed record EndWork(string Domain, string ChainId, string User, int Number, string? Before, string Reason, string? Detail, int? Status);
