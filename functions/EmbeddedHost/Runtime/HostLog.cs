using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>Everything this host logs; ids 1500 to 1599. No message body, no connection string, no URL query.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1501, LogLevel.Debug, "Executing {Function} ({InvocationId})")]
    public static partial void Executing(ILogger logger, string function, string invocationId);

    [LoggerMessage(1502, LogLevel.Debug, "Executed {Function} ({InvocationId}) in {Milliseconds} ms")]
    public static partial void Executed(ILogger logger, string function, string invocationId, double milliseconds);

    [LoggerMessage(1503, LogLevel.Error, "{Function} ({InvocationId}) failed")]
    public static partial void Failed(ILogger logger, string function, string invocationId, Exception error);

    [LoggerMessage(1504, LogLevel.Information, "{Function} ({InvocationId}) was cancelled")]
    public static partial void Cancelled(ILogger logger, string function, string invocationId);

    [LoggerMessage(1505, LogLevel.Information, "{Function}: [{Methods}] /{Route}")]
    public static partial void RouteMapped(ILogger logger, string function, string methods, string route);

    [LoggerMessage(1506, LogLevel.Warning, "{Function} does not run here: {Reason}")]
    public static partial void FunctionDisabled(ILogger logger, string function, string reason);

    [LoggerMessage(1510, LogLevel.Information, "{Function} watches queue {Queue}")]
    public static partial void QueueWatched(ILogger logger, string function, string queue);

    [LoggerMessage(1511, LogLevel.Warning, "Queue {Queue}: storage is not there ({Reason}); trying again until it is")]
    public static partial void StorageDown(ILogger logger, string queue, string reason);

    [LoggerMessage(1512, LogLevel.Information, "Queue {Queue}: storage is back")]
    public static partial void StorageBack(ILogger logger, string queue);

    [LoggerMessage(1513, LogLevel.Debug, "Queue {Queue}: message {MessageId} stays hidden for longer")]
    public static partial void LeaseRenewed(ILogger logger, string queue, string messageId);

    [LoggerMessage(1514, LogLevel.Warning, "Queue {Queue}: message {MessageId} is in other hands or gone")]
    public static partial void LeaseLost(ILogger logger, string queue, string messageId);

    [LoggerMessage(1515, LogLevel.Warning, "Queue {Queue}: message {MessageId} could not be kept hidden ({Reason})")]
    public static partial void LeaseNotRenewed(ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(1516, LogLevel.Warning, "Queue {Queue}: message {MessageId} is not in the encoding that host.json asks for")]
    public static partial void MessageUndecodable(ILogger logger, string queue, string messageId);

    [LoggerMessage(1517, LogLevel.Error, "Queue {Queue}: message {MessageId} moved to the poison queue after {Attempts} attempts")]
    public static partial void MessagePoisoned(ILogger logger, string queue, string messageId, long attempts);

    [LoggerMessage(1518, LogLevel.Warning, "Queue {Queue}: message {MessageId} was not settled ({Reason}); it will come again")]
    public static partial void MessageNotSettled(ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(1519, LogLevel.Warning, "Functions ignored their cancellation and are left behind; queue messages come again after the lease")]
    public static partial void FunctionsAbandoned(ILogger logger);

    [LoggerMessage(1520, LogLevel.Critical, "A listener ended by a defect; its functions do not run any more")]
    public static partial void ListenerDied(ILogger logger, Exception error);

    [LoggerMessage(1521, LogLevel.Warning, "Queue {Queue}: Service Bus does not answer ({Reason}); trying again until it does")]
    public static partial void ServiceBusDown(ILogger logger, string queue, string reason);

    [LoggerMessage(1522, LogLevel.Information, "Queue {Queue}: Service Bus is back")]
    public static partial void ServiceBusBack(ILogger logger, string queue);

    [LoggerMessage(1523, LogLevel.Information, "Queue {Queue}: the lock of a session was lost ({While}); its messages come again")]
    public static partial void SessionLost(ILogger logger, string queue, string @while);

    [LoggerMessage(1530, LogLevel.Debug, "{Function} runs next at {Next:O}")]
    public static partial void TimerScheduled(ILogger logger, string function, DateTime next);

    [LoggerMessage(1531, LogLevel.Warning, "{Function}: storage is not there ({Reason}); its schedule waits for it")]
    public static partial void TimerStorageDown(ILogger logger, string function, string reason);

    [LoggerMessage(1532, LogLevel.Warning, "{Function}: its run was not written down ({Reason}); it may be made up for at the next start")]
    public static partial void TimerNotSaved(ILogger logger, string function, string reason);

    [LoggerMessage(1507, LogLevel.Warning, "{Function} asks for a function key ({Level}); this host has none and lets everyone in")]
    public static partial void KeyNotEnforced(ILogger logger, string function, string level);
}
