using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

internal static partial class RegistrarLog
{
    [LoggerMessage(5201, LogLevel.Error, "The file of registrations cannot be used; they live in memory only")]
    public static partial void FileRefuses(ILogger logger, Exception exception);

    [LoggerMessage(5202, LogLevel.Warning, "A line of the file of registrations is damaged")]
    public static partial void LineDamaged(ILogger logger);

    [LoggerMessage(5204, LogLevel.Warning, "Too many wrong passwords, the last from {Source}: {Scope} is shut for a while")]
    public static partial void Shut(ILogger logger, System.Net.IPAddress source, LoginScope scope);

    [LoggerMessage(5203, LogLevel.Debug, "Device {Device} of {Domain} registered {Count} contacts")]
    public static partial void Registered(ILogger logger, string device, string domain, int count);
}
