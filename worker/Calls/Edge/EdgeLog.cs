using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

internal static partial class EdgeLog
{
    [LoggerMessage(5901, LogLevel.Information, "The phones of the worker at {Address} can be called from here")]
    public static partial void Reached(ILogger logger, Uri address);

    [LoggerMessage(5902, LogLevel.Warning, "The worker at {Address} is gone, and with it the phones of {Users} users until it is reached again, or they register elsewhere")]
    public static partial void Lost(ILogger logger, Uri address, int users);

    [LoggerMessage(5903, LogLevel.Warning, "The worker at {Address} is not reached; it is tried again and again")]
    public static partial void Unreached(ILogger logger, Uri address);
}
