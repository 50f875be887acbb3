using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>An action about a call of the agent's, done through the worker.</summary>
/// <param name="Key">The same in every replay: under it the worker does a command once.</param>
/// <param name="CallId">The call that was found before; null for a call that is made.</param>
/// <param name="Order"><c>answer</c>, <c>mute</c> or <c>unmute</c>, as it was decided before.</param>
/// <param name="Dial">Whom a call is made to.</param>
public sealed record CallWork(
    string Domain, string User, string ChainId, string Key, ActionName Action, string? CallId = null, string? Order = null, string? Dial = null, ChainToken? Token = null, string? Trace = null);
