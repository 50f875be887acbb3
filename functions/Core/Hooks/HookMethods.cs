using System.Collections.Frozen;

namespace ClickToDial.Core.Hooks;

/// <summary>The methods of the hook protocol, by kind.</summary>
public static class HookMethods
{
    public const string Connect = "connect";
    public const string Call = "call";
    public const string Transfer = "transfer";

    /// <summary>Ours alone: a phone that has proved itself by a password dials a number outside, or has a call go there.</summary>
    public const string Dial = "dial";
    public const string Incoming = "OnCallEvent";
    public const string ConnectionStatus = "ConnectionStatusEvent";

    private static readonly FrozenSet<string> Direct = new[]
    {
        "answer", "hold", "unhold", "hangup", "sendDTMF", "sendDtmf", "sendMessage", "sendIMDN", "subscribe", "sendXcapRequest", "publishStream",
        "unPublishStream", "playStream", "stopStream", "playHLS", "playRTSP", "OnDataEvent", "sendData", "sendBugReport", "submitBugReport",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Events = new[]
    {
        ConnectionStatus, "RegistrationStatusEvent", "CallStatusEvent", "TransferStatusEvent", "MessageStatusEvent", "OnMessageEvent", "DataStatusEvent",
        "StreamStatusEvent", "BugReportStatusEvent", "SessionDebugStatusEvent", "ErrorEvent",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a browser does within what it has been allowed.</summary>
    public static bool IsDirect(string method) => Direct.Contains(method);

    /// <summary>Only told.</summary>
    public static bool IsEvent(string method) => Events.Contains(method);
}
