namespace ClickToDial.Calls.Hooks;

/// <summary>Asking others what browsers may do, section "Hooks".</summary>
public sealed class HookOptions
{
    public const string Section = "Hooks";

    /// <summary>
    /// What requests to the functions are signed with, the functions' <c>Hooks:Secrets</c>: <c>whsec_</c> and base64. Empty, which needs
    /// <see cref="TokensAlone"/> where browsers are let in: the functions are not asked.
    /// </summary>
    public string Secret { get; set; } = "";

    /// <summary>
    /// Lets browsers in without <see cref="Secret"/>: then the session token alone decides, and the guard against toll fraud is not asked.
    /// Default false.
    /// </summary>
    public bool TokensAlone { get; set; }

    /// <summary>Name of the application in hook requests. Default defaultApp.</summary>
    public string AppKey { get; set; } = "defaultApp";

    /// <summary>Longest wait for an answer, in seconds, where the domain says nothing: 1 to 30. Default 5.</summary>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// Numbers outside that the phones of one user may dial in an hour while the functions, whose guard is asked where there is a
    /// <see cref="Secret"/>, do not answer: 0 to 1000. Default 10.
    /// </summary>
    public int UnansweredCallsPerHour { get; set; } = 10;

    /// <summary>Every error at once, each naming its setting.</summary>
    /// <param name="takesBrowsers">Session tokens are taken.</param>
    public IEnumerable<string> Validate(bool takesBrowsers = false)
    {
        if (takesBrowsers && Secret.Length == 0 && !TokensAlone)
            yield return $"{Section}: Secret is missing, so that nobody asks the functions what browsers may do; set it, or TokensAlone if the token alone is to decide.";
        if (Secret.Length > 0 && !HookSigner.TryReadSecret(Secret, out _)) yield return $"{Section}: Secret must be whsec_ and 24 to 64 bytes in base64.";
        if (AppKey.Length is 0 or > 64) yield return $"{Section}: AppKey must have 1 to 64 characters.";
        if (TimeoutSeconds is < 1 or > 30) yield return $"{Section}: TimeoutSeconds must be from 1 to 30.";
        if (UnansweredCallsPerHour is < 0 or > 1000) yield return $"{Section}: UnansweredCallsPerHour must be from 0 to 1000.";
    }
}
