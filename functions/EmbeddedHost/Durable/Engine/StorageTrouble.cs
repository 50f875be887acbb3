using System.Xml;
using Azure;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Which failures of storage pass by themselves.</summary>
internal static class StorageTrouble
{
    /// <summary>No answer, or one that may be another next time. Refusals of what was asked (4xx) are not among them.</summary>
    public static bool IsTransient(Exception e, CancellationToken stop) => e switch
    {
        RequestFailedException { Status: var status } => status is 0 or 408 or 429 or >= 500,
        AggregateException many => many.InnerExceptions.All(inner => IsTransient(inner, stop)),
        OperationCanceledException => !stop.IsCancellationRequested,
        IOException or HttpRequestException or TimeoutException or XmlException => true,
        _ => false,
    };

    /// <summary>A conditional write was refused, or its answer was lost: what is stored must be read again.</summary>
    public static bool LeavesDoubt(Exception e, CancellationToken stop) =>
        e is RequestFailedException { Status: 404 or 409 or 412 } || IsTransient(e, stop);
}
