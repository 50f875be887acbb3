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

    [LoggerMessage(5904, LogLevel.Information, "The link to the worker at {Address} had broken, and is back")]
    public static partial void Back(ILogger logger, Uri address);

    [LoggerMessage(5905, LogLevel.Error, "The link to the worker at {Address} failed unexpectedly; it is tried again")]
    public static partial void Failed(ILogger logger, Exception cause, Uri address);

    [LoggerMessage(5906, LogLevel.Information, "The worker at {Address} is this one, or known by another address")]
    public static partial void KnownAlready(ILogger logger, Uri address);

    [LoggerMessage(5907, LogLevel.Warning, "A user's registrations and what their browsers' back ends want take {Octets} octets: other workers do not learn of them")]
    public static partial void TooMuch(ILogger logger, int octets);

    [LoggerMessage(5908, LogLevel.Warning, "What there is to be told of calls takes {Octets} octets: another worker does not learn of it")]
    public static partial void CallTooLong(ILogger logger, int octets);

    [LoggerMessage(5910, LogLevel.Information, "The first registrations at the worker at {Address} are known")]
    public static partial void PhonesKnown(ILogger logger, Uri address);

    [LoggerMessage(5909, LogLevel.Error, "An order of another worker failed unexpectedly")]
    public static partial void OrderFailed(ILogger logger, Exception cause);
}
