using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

internal static partial class HookLog
{
    [LoggerMessage(5701, LogLevel.Information, "Learned {Keys} keys that verify session tokens")]
    public static partial void KeysLearned(ILogger logger, int keys);

    [LoggerMessage(5702, LogLevel.Warning, "The keys that verify session tokens cannot be had ({Trouble}); those that are known stay")]
    public static partial void KeysFailed(ILogger logger, string trouble);

    [LoggerMessage(5703, LogLevel.Information, "A browser was refused: {Reason}")]
    public static partial void BrowserRefused(ILogger logger, string reason);

    [LoggerMessage(5704, LogLevel.Warning, "A hook failed, so it is refused what was asked for")]
    public static partial void HookFailed(ILogger logger, Exception exception);
}
