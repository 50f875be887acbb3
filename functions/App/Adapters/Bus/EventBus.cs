using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ClickToDial.App.Webhooks;

namespace ClickToDial.App.Adapters.Bus;

/// <summary>The connection to Service Bus, made when it is first needed.</summary>
public sealed class EventBus(EventBusOptions bus, WebhookOptions webhooks) : IAsyncDisposable
{
    private readonly Lazy<ServiceBusClient> _client = new(() => Connect(bus, TimeSpan.FromSeconds(webhooks.QueueTimeoutSeconds)));

    public bool IsUsed => bus.IsUsed();

    public ServiceBusSender Sender() => _client.Value.CreateSender(EventEnvelope.QueueName);

    /// <summary>Messages that failed too often or became too old. They have no sessions.</summary>
    public ServiceBusReceiver DeadLetters() =>
        _client.Value.CreateReceiver(EventEnvelope.QueueName, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public async ValueTask DisposeAsync()
    {
        if (_client.IsValueCreated) await _client.Value.DisposeAsync();
    }

    private static ServiceBusClient Connect(EventBusOptions bus, TimeSpan timeout)
    {
        var options = new ServiceBusClientOptions
        {
            RetryOptions = { MaxRetries = 1, Mode = ServiceBusRetryMode.Fixed, Delay = TimeSpan.FromMilliseconds(200), TryTimeout = timeout },
        };
        return string.IsNullOrEmpty(bus.ConnectionString)
            ? new ServiceBusClient(bus.FullyQualifiedNamespace, new DefaultAzureCredential(), options)
            : new ServiceBusClient(bus.ConnectionString, options);
    }
}
