using System.Diagnostics.Metrics;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts;
using ClickToDial.Core.Calls;
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
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var ages = new TestKit.Events.EventLog<(string? Unit, double Seconds, object? Queue)>("queue ages");
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "clicktodial.queue.age") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, age, tags, _) => ages.Append((instrument.Unit, age, tags[0].Value)));
        listener.Start();
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
