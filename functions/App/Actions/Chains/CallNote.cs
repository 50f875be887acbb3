using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>A message of the queue of calls that chains wait for.</summary>
public sealed record CallNote(string ChainId, string CallId, CallNews News);
