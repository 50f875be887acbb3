using Azure.Messaging.ServiceBus;

namespace ClickToDial.App.Adapters.Bus;

/// <summary>Tells faults of Service Bus itself from faults of ours.</summary>
public static class BusFailure
{
    public static bool IsUnavailable(Exception e) => e switch
    {
        ServiceBusException { Reason: ServiceBusFailureReason.MessageSizeExceeded } => false,
        ServiceBusException => true,
        // Rights that are not in force yet: Azure says so for a while after a deployment.
        UnauthorizedAccessException => true,
        System.Net.Sockets.SocketException or ObjectDisposedException => true,
        // Large bodies go to storage first.
        _ => StorageFailure.IsUnavailable(e),
    };
}
