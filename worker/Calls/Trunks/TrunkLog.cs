using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Trunks;

internal static partial class TrunkLog
{
    [LoggerMessage(5601, LogLevel.Information, "Trunk {Trunk} is registered for {Seconds} s")]
    public static partial void Registered(ILogger logger, string trunk, int seconds);

    [LoggerMessage(5602, LogLevel.Warning, "Trunk {Trunk} could not be registered (status {Status}); again in {Seconds} s")]
    public static partial void NotRegistered(ILogger logger, string trunk, int status, int seconds);

    [LoggerMessage(5603, LogLevel.Warning, "Server {Number} of trunk {Trunk} does not answer and is passed over")]
    public static partial void Down(ILogger logger, string trunk, int number);

    [LoggerMessage(5604, LogLevel.Information, "Server {Number} of trunk {Trunk} answers again")]
    public static partial void Up(ILogger logger, string trunk, int number);

    [LoggerMessage(5605, LogLevel.Warning, "A call from trunk {Trunk} was refused: {Rule}, {Status}")]
    public static partial void Refused(ILogger logger, string trunk, string rule, int status);

    [LoggerMessage(5606, LogLevel.Error, "Nobody could say where a call from trunk {Trunk} goes")]
    public static partial void RoutingFailed(ILogger logger, string trunk, Exception exception);

    [LoggerMessage(5607, LogLevel.Information, "Trunk {Trunk} is no longer registered")]
    public static partial void Unregistered(ILogger logger, string trunk);

    [LoggerMessage(5608, LogLevel.Error, "The contacts of trunks cannot be kept: after a restart a trunk may ring the old one beside the new one for a while")]
    public static partial void ContactsNotKept(ILogger logger, Exception exception);
}
