using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.RemoteControl;

internal static partial class RemoteLog
{
    [LoggerMessage(5801, LogLevel.Information, "A page of {Domain} took remote control")]
    public static partial void Opened(ILogger logger, string domain);

    [LoggerMessage(5802, LogLevel.Information, "Remote control was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(5803, LogLevel.Information, "A page of {Domain} lost remote control: {Reason}")]
    public static partial void Closed(ILogger logger, string domain, string reason);

    [LoggerMessage(5804, LogLevel.Error, "Remote control failed in one socket")]
    public static partial void Failed(ILogger logger, Exception error);
}
