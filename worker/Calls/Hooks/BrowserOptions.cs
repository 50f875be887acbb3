namespace ClickToDial.Calls.Hooks;

/// <summary>Calls from browsers, section "Browser".</summary>
public sealed class BrowserOptions
{
    public const string Section = "Browser";

    /// <summary><c>iss</c> that session tokens must have: the functions' <c>Sessions:Issuer</c>. Empty: no token is taken.</summary>
    public string Issuer { get; set; } = "";

    /// <summary><c>aud</c> that session tokens must have. Default click-to-dial.</summary>
    public string Audience { get; set; } = "click-to-dial";

    /// <summary>How far the clocks of the parts may differ, in seconds: 0 to 60. Default 5.</summary>
    public int ClockSkewSeconds { get; set; } = 5;

    /// <summary>How long an answer to a hook may take, in seconds: 1 to 30. Default 5.</summary>
    public int HookSeconds { get; set; } = 5;

    public bool IsOn => Issuer.Length > 0;

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (Issuer.Length > 300) yield return $"{Section}: Issuer must have at most 300 characters.";
        if (Audience.Length is 0 or > 300) yield return $"{Section}: Audience must have 1 to 300 characters.";
        if (ClockSkewSeconds is < 0 or > 60) yield return $"{Section}: ClockSkewSeconds must be from 0 to 60.";
        if (HookSeconds is < 1 or > 30) yield return $"{Section}: HookSeconds must be from 1 to 30.";
    }
}
