using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transport;

/// <summary>What becomes of a message that came.</summary>
public enum PassageVerdict
{
    /// <summary>It is the stack's.</summary>
    NotTaken,

    /// <summary>The stack must not see it.</summary>
    Taken,

    /// <summary>It is another server's, and there is no room: a datagram is lost, a stream waits and offers it again.</summary>
    NoRoom,
}

/// <summary>Stands between the transports and the stack, for messages that are another server's. Called on the transports' own loops: must not block and must not throw.</summary>
public interface ISipPassage
{
    /// <summary>Changes the message only if it takes it.</summary>
    PassageVerdict TryTake(SipMessage message, SipFlow flow);

    /// <summary>A connection ended, or could not be made.</summary>
    void OnFlowFailed(SipFlow flow);
}
