namespace ClickToDial.App.Actions.Scripts;

/// <summary>On whose behalf a script asks for something.</summary>
/// <param name="User">The agent: the only one whose calls it makes, ends and sees.</param>
/// <param name="Key">The same whenever this request of this step is repeated, safe in a table key.</param>
public sealed record ScriptCaller(string Domain, string User, string ChainId, string Key);
