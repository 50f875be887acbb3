namespace ClickToDial.App.Actions.Scripts;

/// <summary>What a script asked for is refused; the script gets it as an error it can catch.</summary>
public sealed class ScriptRequestException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
