using ClickToDial.App.Webhooks;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Azure.ServiceBus;

namespace ClickToDial.App.Tests.Support;

/// <summary>The app with its events in Service Bus: a broker of this process, its queue made as in infra/modules/servicebus.bicep.</summary>
public sealed class BusRig : IAsyncLifetime
{
    public const string Dead = EventEnvelope.QueueName + "/$deadletterqueue";

    public ServiceBusBroker Broker { get; } = new();

    public AppRig App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (AzuriteTool.Missing is not null) return;
        Broker.AddQueue(EventEnvelope.QueueName, new BusQueueOptions(RequiresSession: true, MaxDeliveryCount: 3) { DuplicateWindow = TimeSpan.FromDays(1) });
        await Broker.StartAsync();
        App = new AppRig { Domains = 20, Bus = Broker, StorageSeconds = 5 };
        await App.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null) await App.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
