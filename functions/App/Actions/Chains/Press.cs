using System.Text.Json.Nodes;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>The press of a button.</summary>
/// <param name="User">The agent.</param>
/// <param name="Data">What the client sends with it.</param>
/// <param name="IsRemote">See <see cref="ChainStart"/>.</param>
/// <param name="Token">What it was pressed with; null for an API key.</param>
public sealed record Press(string Domain, string User, Button Button, JsonObject Data, bool IsRemote, ChainToken? Token);
