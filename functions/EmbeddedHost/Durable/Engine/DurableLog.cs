using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>What the durable engine logs; ids 1600 to 1649. No payloads.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(1600, LogLevel.Information, "Durable functions run as host {Host} on hub {Hub}")]
    public static partial void Started(ILogger logger, string host, string hub);

    [LoggerMessage(1601, LogLevel.Warning, "Instance {Instance}: it is not known whether a step was stored; looking")]
    public static partial void CommitInDoubt(ILogger logger, string instance, Exception error);

    [LoggerMessage(1602, LogLevel.Warning, "Instance {Instance}: storage does not answer; trying again")]
    public static partial void StorageFailed(ILogger logger, string instance, Exception error);

    [LoggerMessage(1603, LogLevel.Warning, "Instance {Instance} of {Orchestrator} failed: {ErrorType}: {Message}")]
    public static partial void InstanceFailed(ILogger logger, string instance, string orchestrator, string errorType, string message);

    [LoggerMessage(1604, LogLevel.Warning, "Another host has taken over instance {Instance}")]
    public static partial void OwnershipLost(ILogger logger, string instance);

    [LoggerMessage(1605, LogLevel.Error, "The session of instance {Instance} broke off; it is taken up again soon")]
    public static partial void SessionFailed(ILogger logger, string instance, Exception error);

    [LoggerMessage(1606, LogLevel.Warning, "This host was declared dead; it starts over as {Host}")]
    public static partial void DeclaredDead(ILogger logger, string host);

    [LoggerMessage(1607, LogLevel.Warning, "Looking for durable work failed; trying again")]
    public static partial void PollFailed(ILogger logger, Exception error);

    [LoggerMessage(1608, LogLevel.Information, "Took over instance {Instance} from host {Owner}")]
    public static partial void TakenOver(ILogger logger, string instance, string owner);

    [LoggerMessage(1609, LogLevel.Warning, "Instance {Instance} waits for orchestrator {Orchestrator}, which this app has not")]
    public static partial void UnknownOrchestrator(ILogger logger, string instance, string orchestrator);

    [LoggerMessage(1611, LogLevel.Debug, "Instance {Instance}: step {Step} is stored; it is {Status}")]
    public static partial void StepStored(ILogger logger, string instance, int step, Client.OrchestrationRuntimeStatus status);

    [LoggerMessage(1610, LogLevel.Warning, "{Count} activities did not end in time; they run again at the next start")]
    public static partial void ActivitiesAbandoned(ILogger logger, int count);
}
