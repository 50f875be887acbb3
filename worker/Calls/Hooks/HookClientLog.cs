using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

internal static partial class HookClientLog
{
    [LoggerMessage(5720, LogLevel.Warning, "Hook {Method} at {Host} failed: {Trouble} {Status}")]
    public static partial void Failed(ILogger logger, string method, string host, HookTrouble trouble, int? status);

    [LoggerMessage(5721, LogLevel.Warning, "Hook {Method}: too many events wait for the back end; one is not told")]
    public static partial void Dropped(ILogger logger, string method);

    [LoggerMessage(5722, LogLevel.Warning, "A back end named a user that its domain does not have; the browser is refused")]
    public static partial void UnknownIdentity(ILogger logger);

    [LoggerMessage(5723, LogLevel.Warning, "{Domain}: the functions' guard does not answer; a phone's call goes on by the worker's own policy")]
    public static partial void Unguarded(ILogger logger, string domain);

    [LoggerMessage(5724, LogLevel.Warning, "{Domain}: {Count} of the back end's inviteParameters are no headers that may be added, and are left out")]
    public static partial void ParametersLeftOut(ILogger logger, string domain, int count);
}
