using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>How a phone is asked to answer: by itself when it begins to ring, or while it rings.</summary>
internal static class RemoteControl
{
    private const string TalkEvent = "talk";

    /// <summary>
    /// Asks a device to answer at once. There is no one way that all phones know: RFC 5373 is the standard's, the parameter of
    /// Call-Info and the words in Alert-Info are what desk phones look for. Who knows none of them rings as ever.
    /// </summary>
    public static void AskToAnswer(SipRequest? invite, string domain)
    {
        if (invite is null) return;
        invite.Headers.Add("Answer-Mode", "Auto");
        invite.Headers.Add(HeaderName.CallInfo, $"<sip:{domain}>;answer-after=0");
        invite.Headers.Add(HeaderName.AlertInfo, $"<http://{domain}>;info=alert-autoanswer;delay=0");
    }

    /// <summary>True for a device that goes off-hook when it is sent the event "talk", as it says itself (RFC 6665 section 8.2.2).</summary>
    public static bool IsTaken(SipHeaders headers) => headers.HasToken(HeaderName.AllowEvents, TalkEvent);

    /// <summary>The order to answer. Nobody has subscribed to it, so it says of its subscription only that there is one.</summary>
    public static SipRequest Talk(Dialog early)
    {
        var notify = early.CreateRequest(SipMethod.Notify);
        notify.Headers.Add(HeaderName.Event, TalkEvent);
        notify.Headers.Add(HeaderName.SubscriptionState, "active");
        return notify;
    }
}
