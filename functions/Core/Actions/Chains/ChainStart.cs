namespace ClickToDial.Core.Actions.Chains;

/// <summary>What a chain begins with; kept with it, so nothing of it changes later.</summary>
/// <param name="User">The agent.</param>
/// <param name="Data">JSON of what the button was pressed with: data and selected rows.</param>
/// <param name="WaitSeconds">Longest wait for the agent's client at each step.</param>
/// <param name="IsRemote">The agent's phone is not the client but a device: actions about calls are done through the worker.</param>
/// <param name="Token">What the button was pressed with; null for an API key.</param>
/// <param name="Trace">The span of the press, as a traceparent: the chain's steps are of its trace.</param>
public sealed record ChainStart(
    string Domain, string ChainId, string User, string ButtonId, StepPlan Plan, string Data, int WaitSeconds, int MaxSteps, bool IsRemote = false, ChainToken? Token = null, string? Trace = null);
