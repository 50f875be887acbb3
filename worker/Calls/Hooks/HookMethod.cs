namespace ClickToDial.Calls.Hooks;

/// <summary>What a failed answer can do depends on it.</summary>
internal enum HookKind
{
    Connect,

    /// <summary>A browser wants something within what it has been allowed.</summary>
    Direct,

    /// <summary>Only told.</summary>
    Event,

    /// <summary>A call from outside.</summary>
    Incoming,
}

/// <summary>The methods of the hook protocol that we ask.</summary>
internal static class HookMethod
{
    public const string Connect = "connect";
    public const string Call = "call";
    public const string Transfer = "transfer";

    /// <summary>Ours, and for the functions alone: a phone's call.</summary>
    public const string Dial = "dial";

    public const string Incoming = "OnCallEvent";
    public const string ConnectionStatus = "ConnectionStatusEvent";
    public const string RegistrationStatus = "RegistrationStatusEvent";
    public const string CallStatus = "CallStatusEvent";

    public const string Error = "ErrorEvent";

    public static string Of(BrowserActKind kind) => kind switch
    {
        BrowserActKind.Answer => "answer",
        BrowserActKind.Hold => "hold",
        BrowserActKind.Unhold => "unhold",
        BrowserActKind.HangUp => "hangup",
        _ => "sendDTMF",
    };

    public static HookKind KindOf(string method) => method switch
    {
        Connect => HookKind.Connect,
        Incoming => HookKind.Incoming,
        _ when method.EndsWith("Event", StringComparison.Ordinal) && method is not "OnDataEvent" => HookKind.Event,
        _ => HookKind.Direct,
    };
}
