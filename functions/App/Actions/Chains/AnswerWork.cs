using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <param name="Request">JSON of the request.</param>
/// <param name="Key">The same in every replay.</param>
public sealed record AnswerWork(string Domain, string User, string ChainId, string Key, string Request, ChainToken? Token = null, string? Trace = null);
