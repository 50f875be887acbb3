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

    [LoggerMessage(1507, LogLevel.Warning, "{Function} asks for a function key ({Level}); this host has none and lets everyone in")]
    public static partial void KeyNotEnforced(ILogger logger, string function, string level);
}
