using System.Diagnostics.Metrics;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Deliveries;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Hosting;

public sealed class MetricsTests(AppRig app)
{
    [Fact]
    public async Task EveryRefusal_IsCountedByItsRule()
    {
        var domain = app.NewDomain();
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var rules = new System.Collections.Concurrent.ConcurrentBag<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == AppMetrics.RefusedName) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => rules.Add(tags[0].Value));
        listener.Start();

        await domain.PostCallAsync(TestDomain.Call("+19005550100"));
        await domain.PostCallAsync(TestDomain.Call(user: "nobody-at-all"));
        await domain.GetAsync("/api/calls/no-such-call");

        Assert.Contains("destination-denied", rules);
        Assert.Contains("user-unknown", rules);
        Assert.Contains("call-not-found", rules);
    }

    [Fact(DisplayName = "B5: how long an event lay in its queue is told, in seconds and by queue")]
    public async Task QueueAge_IsHowLongAnEventLay()
    {
        var domain = app.NewDomain();
        var ages = new TestKit.Events.EventLog<(string? Unit, double Seconds, object? Queue)>("queue ages");
        using var listener = Ages((instrument, age, queue) => ages.Append((instrument.Unit, age, queue)));
        var id = await domain.PlaceAsync();
        var body = JsonSerializer.SerializeToUtf8Bytes(domain.Ended(id, 1), ContractsJson.Default.CallEvent);
        const double Lay = 90_000;
        var queue = app.Services.GetRequiredService<StorageClients>().Queues.GetQueueClient(EventEnvelope.QueueName);

        // As it lies there that was put there so long ago; no other message of these tests is nearly as old.
        var from = app.Clock.GetUtcNow();
        await queue.SendMessageAsync(EventMessages.Write(new EventEnvelope(from.AddSeconds(-Lay), EventSources.Pbx, body)), TestContext.Current.CancellationToken);
        var told = await ages.WaitAsync(age => age.Seconds >= Lay, "the age of the old message");

        Assert.Equal(("s", "events"), (told.Unit, told.Queue));
        Assert.InRange(told.Seconds, Lay, Lay + (app.Clock.GetUtcNow() - from).TotalSeconds);

        // Whoever puts a delivery into its queue says when it is due.
        await app.Services.GetRequiredService<IDeliveryTasks>().SendAsync(new DeliveryTask(domain.Name, "wh_unknown"), TimeSpan.Zero, TestContext.Current.CancellationToken);
        await ages.WaitAsync(age => age.Queue is "deliveries", "the age of a delivery");
    }

    [Fact(DisplayName = "B5: what waits on purpose is not late: for a subscriber, for the delivery before it, for a step that is missing, or to be tried again")]
    public async Task QueueAge_IsNotWhatWaitsOnPurpose()
    {
        var domain = app.NewDomain();
        var own = new AsyncLocal<bool>();
        List<(object? Queue, double Seconds)> ages = [];
        using var listener = Ages((_, age, queue) =>
        {
            if (own.Value) ages.Add((queue, age));
        });
        own.Value = true;
        var bench = new DeliveryBench(domain) { Answers = (id, before) => id == "held.1" && before < 4 ? 500 : 204 };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("held", steps: 2);
        await bench.RunAsync();
        Assert.True(bench.Got[^1].At - bench.Got[0].At > TimeSpan.FromMinutes(1));
        Assert.InRange(ages.Count, 6, 100);
        Assert.All(ages, age => Assert.Equal(("deliveries", 0), age));

        ages.Clear();
        var processor = app.Services.GetRequiredService<EventProcessor>();
        var old = app.Clock.GetUtcNow().AddHours(-1);
        var step = JsonSerializer.SerializeToUtf8Bytes(domain.Event(CallId.Parse("on-purpose"), 1, CallEventType.CallStarted), ContractsJson.Default.CallEvent);
        var gap = JsonSerializer.SerializeToUtf8Bytes(new GapCheck(domain.Name, CallId.Parse("on-purpose")), AppJson.Default.GapCheck);
        await processor.TakeAsync(EventMessages.Write(new EventEnvelope(old, EventSources.Pbx, step)), isFirst: false, TestContext.Current.CancellationToken);
        await processor.TakeAsync(EventMessages.Write(new EventEnvelope(old, EventSources.Gap, gap)), isFirst: true, TestContext.Current.CancellationToken);
        Assert.Empty(ages);
        await processor.TakeAsync(EventMessages.Write(new EventEnvelope(old, EventSources.Pbx, step)), isFirst: true, TestContext.Current.CancellationToken);
        Assert.Equal("events", Assert.Single(ages).Queue);
    }

    private MeterListener Ages(Action<Instrument, double, object?> heard)
    {
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "clicktodial.queue.age") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, age, tags, _) => heard(instrument, age, tags[0].Value));
        listener.Start();
        return listener;
    }

    [Fact]
    public async Task Log_HoldsNeitherSecretsNorNumbers()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", destinations = new[] { "+12025550142" } });
        var id = await domain.PlaceAsync("+12025550142");
        await domain.PostCallAsync(TestDomain.Call("+12025550142"), token: token);
        await domain.TellAsync(domain.Ended(id, 1));
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");

        Assert.DoesNotContain(app.Logs.Snapshot(), l =>
            l.Text.Contains("2025550142", StringComparison.Ordinal) || l.Text.Contains(domain.Key, StringComparison.Ordinal)
            || l.Text.Contains(token, StringComparison.Ordinal) || l.Text.Contains(AppRig.PbxToken, StringComparison.Ordinal)
            || l.Text.Contains(WorkerPeer.ControlToken, StringComparison.Ordinal));
    }
}
