using Azure;

namespace ClickToDial.App.Actions.Chains;

/// <summary>The chain that an agent is in.</summary>
public sealed record AgentChain(string ChainId, DateTimeOffset StartedAt, ETag ETag);
