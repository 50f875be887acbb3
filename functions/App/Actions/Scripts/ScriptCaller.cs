using ClickToDial.Core.Access;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>On whose behalf a script asks for something.</summary>
/// <param name="User">The agent: the only one whose calls it makes, ends and sees.</param>
/// <param name="Key">The same whenever this request of this step is repeated, safe in a table key.</param>
/// <param name="Token">What its chain was begun with; null for an API key.</param>
public sealed record ScriptCaller(string Domain, string User, string ChainId, string Key, ChainToken? Token = null)
{
    /// <summary>What a domain's own script may do for the agent is what a key of the domain may.</summary>
    public Principal Principal { get; } = new($"chain:{ChainId}", Domain, ApiScopes.CallsRead | ApiScopes.CallsWrite, null);

    /// <summary>Who makes its calls: a page's token makes no more of them by way of a chain than by itself.</summary>
    public Principal Placing => Token?.Caller(Principal.Id, Domain, User) ?? Principal;
}
