namespace ClickToDial.Core.Actions.Chains;

/// <summary>Why a chain ended, as clients see it.</summary>
public static class ChainEndings
{
    public const string Done = "done";
    public const string Refused = "refused-by-client";
    public const string ClientSilent = "client-silent";
    public const string CallSilent = "call-silent";
    public const string TooManySteps = "too-many-steps";
    public const string ScriptFailed = "script-failed";
    public const string FormMissing = "form-missing";
    public const string FormInvalid = "form-invalid";
    public const string ActionFailed = "action-failed";
    public const string Stopped = "stopped";
    public const string Superseded = "superseded";
    public const string Failed = "failed";
}
