using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Softphone;

/// <param name="Token">The session token that a web phone asks with; null for an API key.</param>
public sealed record SoftphoneRequest(string Domain, string User, JsonObject Body, ChainToken? Token)
{
    public bool IsPhone => Token is not null;
}
