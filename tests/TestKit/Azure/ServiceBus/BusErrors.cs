using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>The errors of Service Bus that its SDK tells apart by their condition.</summary>
internal static class BusErrors
{
    public static readonly AmqpSymbol Timeout = "com.microsoft:timeout";
    public static readonly AmqpSymbol MessageLockLost = "com.microsoft:message-lock-lost";
    public static readonly AmqpSymbol SessionLockLost = "com.microsoft:session-lock-lost";
    public static readonly AmqpSymbol DeadLetter = "com.microsoft:dead-letter";
    private static readonly AmqpSymbol SessionTaken = "com.microsoft:session-cannot-be-locked";

    public static AmqpException SessionMissing() => new(AmqpErrorCode.NotAllowed, "Messages of this queue need a session id.");

    public static AmqpException NeedsSession() => new(AmqpErrorCode.NotAllowed, "This queue is received from by session only.");

    public static AmqpException NoSession(string? wanted) => wanted is null
        ? new AmqpException(Timeout, "No session had a message in time.")
        : new AmqpException(SessionTaken, "Another receiver has the session.");

    public static AmqpException LockLost(bool ofSession) => new(ofSession ? SessionLockLost : MessageLockLost, "The lock is over.");

    public static AmqpException NoQueue(string name) => new(AmqpErrorCode.NotFound, $"There is no queue '{name}'.");
}
