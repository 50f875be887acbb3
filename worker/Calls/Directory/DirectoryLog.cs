using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Directory;

internal static partial class DirectoryLog
{
    [LoggerMessage(5101, LogLevel.Information, "Learned the directory: {Domains} domains, {Trunks} trunks")]
    public static partial void Learned(ILogger logger, int domains, int trunks);

    [LoggerMessage(5102, LogLevel.Warning, "The directory cannot be had ({Trouble}); the last good one stays")]
    public static partial void Failed(ILogger logger, string trouble);

    [LoggerMessage(5103, LogLevel.Information, "The directory answers again")]
    public static partial void Resumed(ILogger logger);
}
