using Azure;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>Which failures of storage calls are worth another try, and how they are named in a log.</summary>
internal static class QueueErrors
{
    /// <summary>Storage answered with an error, did not answer in time, or could not be reached.</summary>
    public static bool IsOutage(Exception error) =>
        error is RequestFailedException or AggregateException or TimeoutException or IOException or TaskCanceledException;

    /// <summary>The error code alone: a message may carry addresses and headers.</summary>
    public static string Reason(Exception error) => error switch
    {
        RequestFailedException { Status: 0 } => "unreachable",
        RequestFailedException failed => failed.ErrorCode ?? failed.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => error.GetType().Name,
    };
}
