using System.Diagnostics.Metrics;
using ClickToDial.App.Adapters;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Deliveries;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>What is told when nobody takes deliveries.</summary>
[Trait("row", "B5")]
public sealed class WatchDeliveriesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact(DisplayName = "B5: how late the delivery is that waits longest is told while none is taken; one that is to wait is not late")]
    public async Task Oldest_IsTold()
    {
        AzuriteFixture.SkipIfMissing();
        var stop = TestContext.Current.CancellationToken;
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var (clock, metrics) = (new ManualTimeProvider(), new AppMetrics(factory));
        var clients = new StorageClients(new StorageOptions { ConnectionString = azurite.ConnectionString, TimeoutSeconds = 60 }, metrics, clock);
        await clients.Queues.GetQueueClient(StorageDeliveryTasks.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        var tasks = new StorageDeliveryTasks(clients, clock);
        var watch = new WatchDeliveries(tasks, metrics);
        List<(string?, object?, double)> told = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "clicktodial.queue.oldest") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, late, tags, _) => told.Add((instrument.Unit, tags[0].Value, late)));
        listener.Start();

        await watch.Run(new TimerInfo(), stop);
        await tasks.SendAsync(new DeliveryTask("late.test", "wh_1"), TimeSpan.FromHours(1), stop);
        clock.Advance(TimeSpan.FromHours(2));
        await watch.Run(new TimerInfo(), stop);
        await tasks.SendAsync(new DeliveryTask("late.test", "wh_1"), TimeSpan.Zero, stop);
        clock.Advance(TimeSpan.FromMinutes(7));
        await tasks.SendAsync(new DeliveryTask("late.test", "wh_1"), TimeSpan.Zero, stop);
        await watch.Run(new TimerInfo(), stop);

        Assert.Equal([("s", "deliveries", 0.0), ("s", "deliveries", 0.0), ("s", "deliveries", 420.0)], told);
    }
}
