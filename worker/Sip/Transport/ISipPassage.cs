using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transport;

/// <summary>Stands between the transports and the stack, for messages that are another server's. Called on the transports' own loops: must not block and must not throw.</summary>
public interface ISipPassage
{
    /// <summary>True when the message was taken, and the stack must not see it.</summary>
    bool TryTake(SipMessage message, SipFlow flow);

    /// <summary>A connection ended.</summary>
    void OnFlowFailed(SipFlow flow);
}
