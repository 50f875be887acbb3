using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Webhooks;

/// <summary>Asks the processor to look again at a call of which a step was missing.</summary>
public sealed record GapCheck(string Domain, CallId CallId);
