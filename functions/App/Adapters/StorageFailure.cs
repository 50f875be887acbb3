using Azure;

namespace ClickToDial.App.Adapters;

/// <summary>Tells faults of storage itself from faults of ours, by type and status and never by text.</summary>
public static class StorageFailure
{
    public static bool IsUnavailable(Exception e) => e switch
    {
        // 0: no answer at all. 404 without the resource itself: tables are not there yet.
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        RequestFailedException { ErrorCode: "TableNotFound" or "QueueNotFound" or "ContainerNotFound" or "TableBeingDeleted" } => true,
        DirectoryNotReadyException => true,
        // The Azure pipeline gives up with these: after its retries, and after its network timeout.
        AggregateException aggregate => aggregate.InnerExceptions.Any(IsUnavailable),
        OperationCanceledException or TimeoutException => true,
        // No token from the identity's endpoint, or rights that are not in force yet: Azure says both for a while after a deployment.
        Azure.Identity.AuthenticationFailedException => true,
        RequestFailedException { Status: 403 } => true,
        _ => false,
    };

    public static string Describe(Exception e) => e switch
    {
        // Without an answer only what ended the attempt says anything: nothing there, too slow, or too many before it.
        RequestFailedException { Status: 0 } silent => $"0 {silent.InnerException?.GetType().Name ?? "NoTimeLeft"}",
        RequestFailedException failed => $"{failed.Status} {failed.ErrorCode}",
        AggregateException aggregate => aggregate.InnerExceptions.Select(Describe).FirstOrDefault() ?? nameof(AggregateException),
        _ => e.GetType().Name,
    };
}
