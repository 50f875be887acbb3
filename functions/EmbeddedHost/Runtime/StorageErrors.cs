using System.Globalization;
using System.Xml;
using Azure;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>Which failures of storage calls are worth another try, and how they are named in a log.</summary>
internal static class StorageErrors
{
    /// <summary>Storage answered with an error or with garbage, did not answer in time, or could not be reached.</summary>
    public static bool IsOutage(Exception error) =>
        error is RequestFailedException or AggregateException or TimeoutException or IOException or TaskCanceledException or XmlException;

    /// <summary>The error code alone: a message may carry addresses and headers.</summary>
    public static string Reason(Exception error) => error switch
    {
        RequestFailedException { Status: 0 } => "unreachable",
        RequestFailedException failed => failed.ErrorCode ?? failed.Status.ToString(CultureInfo.InvariantCulture),
        _ => error.GetType().Name,
    };
}
