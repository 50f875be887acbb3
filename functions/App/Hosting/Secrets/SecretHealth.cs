namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Whether secrets could be read when they were looked at last, and all of them be used.</summary>
public sealed class SecretHealth
{
    private volatile string _word = "off";

    /// <summary><c>up</c>, <c>down</c>, or <c>off</c> where secrets are as the settings say.</summary>
    public string Word => _word;

    internal void Looked(bool isTaken) => _word = isTaken ? "up" : "down";
}
