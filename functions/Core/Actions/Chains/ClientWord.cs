namespace ClickToDial.Core.Actions.Chains;

/// <summary>What the agent's client says of a step: it was done, it was refused, or a form was sent.</summary>
/// <param name="Data">JSON object: what the client adds, or the accepted values of the form.</param>
public sealed record ClientWord(bool IsOk, string? Data = null)
{
    /// <summary>Name of the event that one step waits for; words for other steps do not reach it.</summary>
    public static string EventOf(int step) => $"client-{step}";
}
