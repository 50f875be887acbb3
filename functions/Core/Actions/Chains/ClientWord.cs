namespace ClickToDial.Core.Actions.Chains;

/// <summary>What the agent's client says of a step: it was done, it was refused, or a form was sent.</summary>
/// <param name="Data">JSON object: what the client adds, or the accepted values of the form.</param>
/// <param name="Token">The session token that it was said with; null for an API key.</param>
public sealed record ClientWord(bool IsOk, string? Data = null, ChainToken? Token = null)
{
    /// <summary>Name of the event that one step waits for; words for other steps do not reach it.</summary>
    public static string EventOf(int step) => $"client-{step}";
}
