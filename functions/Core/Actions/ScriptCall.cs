namespace ClickToDial.Core.Actions;

/// <summary>A script and the function of it to call.</summary>
public sealed record ScriptCall(string ScriptId, string Entry = ScriptCall.Main)
{
    public const string Main = "main";
}
