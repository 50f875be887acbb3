namespace ClickToDial.Sip.Transactions;

/// <summary>Why a transaction ended without the message its user waited for.</summary>
public enum TransactionFailure
{
    /// <summary>The peer did not answer, or did not acknowledge, within 64*T1. Counts as 408 (RFC 3261 section 8.1.3.1).</summary>
    Timeout,

    /// <summary>The message could not be sent, or the connection broke. Counts as 503.</summary>
    Transport,

    /// <summary>No address was found for the next hop. Counts as 503.</summary>
    Unresolved,

    /// <summary>
    /// We cancelled before the request left, or the peer accepted too late, or after it had ended the call itself: then it was
    /// acknowledged and ended by the stack.
    /// </summary>
    Cancelled,
}
