using ClickToDial.App.Hosting;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Where scripts run.</summary>
public sealed class ScriptRunnerOptions : ICheckedOptions
{
    public const string Section = "ScriptRunner";
    public const int ShortestToken = 32;

    /// <summary>Base address of the script runner. Empty for none: buttons and forms work, scripts do not.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// Sent as <c>Authorization: Bearer</c>. Required with Url, at least 32 characters. Of several with commas between, as the runner takes
    /// them while one is replaced, the first.
    /// </summary>
    public string Token { get; set; } = "";

    /// <summary>Longest wait for one run, in seconds: 3 to 60. Default 15.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    public string ReadFirstToken() => Token.Split(',')[0].Trim();

    public IEnumerable<string> Faults()
    {
        if (TimeoutSeconds is < 3 or > 60) yield return "TimeoutSeconds must be 3 to 60";
        if (Url.Length == 0) yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) yield return "Url must be an http or https address";
        if (ReadFirstToken().Length < ShortestToken || ReadFirstToken().Any(c => c is <= ' ' or > '~')) yield return $"Token must be at least {ShortestToken} visible ASCII characters";
    }
}
