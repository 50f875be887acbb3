using System.Net;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Webhooks;

public sealed class ProcessCallEventTests(AppRig app)
{
    [Fact]
    public async Task WholeCallOutOfOrderAndTwice_MakesOneCompleteRowAndTimeline()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        var leg = new LegSummary("u1", LegRole.User, "101");
        CallEvent[] events =
        [
            domain.Event(id, 1, CallEventType.CallStarted),
            domain.Event(id, 2, CallEventType.LegRinging) with { Leg = leg },
            domain.Event(id, 3, CallEventType.LegAnswered) with { Leg = leg },
            domain.Event(id, 4, CallEventType.CallConnected) with { ConnectedAt = app.Clock.GetUtcNow() },
            domain.Ended(id, 5) with { ConnectedAt = app.Clock.GetUtcNow() },
        ];

        await Task.WhenAll(events.Reverse().Concat(events).Select(async e => Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(e)).Status)));

        var call = (await domain.UntilAsync(id, c => c.GetProperty("complete").GetBoolean(), "the call is complete")).Json;
        Assert.Equal(("ended", "answered", "user-hung-up", 5), (Text(call, "state"), Text(call, "result"), Text(call, "reason"), call.GetProperty("eventsSeen").GetInt32()));
        Assert.Equal(200, call.GetProperty("sipStatus").GetInt32());
        var media = call.GetProperty("legs")[0].GetProperty("media");
        Assert.Equal((50, 1, 0.5, 4.2), (media.GetProperty("packetsReceived").GetInt32(), media.GetProperty("packetsLost").GetInt32(),
            media.GetProperty("jitterMilliseconds").GetDouble(), media.GetProperty("meanOpinionScore").GetDouble()));
        var timeline = (await domain.GetAsync($"/api/calls/{id}/events")).Json.GetProperty("events");
        Assert.Equal([1, 2, 3, 4, 5], timeline.EnumerateArray().Select(e => e.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task EventTooLargeForAMessage_GoesByBlobAndTheBlobGoesAfterwards()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        var body = JsonSerializer.SerializeToUtf8Bytes(domain.Event(id, 1, CallEventType.CallStarted), ContractsJson.Default.CallEvent);
        var padded = new byte[200 * 1024];
        padded.AsSpan().Fill((byte)' ');
        body.CopyTo(padded, 0);
        var sink = app.Services.GetRequiredService<IEventSink>();
        await sink.EnqueueAsync([new QueuedEvent(padded, EventSources.Pbx)], CancellationToken.None);

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");

        var blobs = app.Services.GetRequiredService<StorageClients>().Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);
        await app.UntilAsync(async () => await blobs.GetBlobsAsync().AnyAsync() ? null : "gone", "the blob is gone");
    }

    [Fact]
    public async Task BodyThatNobodyCameFor_GoesOnceItIsOldAndNoMessageSetAsideNamesIt()
    {
        var bodies = app.Services.GetRequiredService<EventBodies>();
        var large = new byte[EventEnvelope.LargestInline + 1];
        Random.Shared.NextBytes(large);
        // The same bytes of two senders are two events.
        var mine = await bodies.EnvelopeAsync(new QueuedEvent(large, EventSources.Pbx, Sender: "mine"), app.Clock.GetUtcNow(), CancellationToken.None);
        var theirs = await bodies.EnvelopeAsync(new QueuedEvent(large, EventSources.Pbx, Sender: "theirs"), app.Clock.GetUtcNow(), CancellationToken.None);
        var container = app.Services.GetRequiredService<StorageClients>().Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);
        var stored = (await container.GetBlobClient(mine.Blob).GetPropertiesAsync()).Value.LastModified;

        await ForgetAsync(mine, stored, []);
        Assert.NotNull(await bodies.ReadAsync(mine, CancellationToken.None));
        await ForgetAsync(mine, stored.AddSeconds(1), [mine.Blob!]);
        Assert.NotNull(await bodies.ReadAsync(mine, CancellationToken.None));
        await ForgetAsync(mine, stored.AddSeconds(1), [theirs.Blob!]);
        Assert.Null(await bodies.ReadAsync(mine, CancellationToken.None));
        Assert.NotNull(await bodies.ReadAsync(theirs, CancellationToken.None));
        await bodies.ForgetAsync(theirs, CancellationToken.None);

        Task ForgetAsync(EventEnvelope one, DateTimeOffset before, HashSet<string> needed) =>
            bodies.ForgetLeftAsync(before, needed, CancellationToken.None, prefix: one.Blob);
    }

    [Fact]
    public async Task MessageWhoseBlobIsGone_HasBeenProcessedBefore()
    {
        var processor = app.Services.GetRequiredService<EventProcessor>();
        var message = JsonSerializer.Serialize(
            new EventEnvelope(app.Clock.GetUtcNow(), EventSources.Pbx, Blob: "gone.json"), ClickToDial.App.Hosting.AppJson.Default.EventEnvelope);

        await processor.ProcessAsync(message, CancellationToken.None);
    }

    [Fact]
    public async Task EventOfAnUnknownDomain_WaitsForItAndIsThenRefused()
    {
        var domain = app.NewDomain();
        var processor = app.Services.GetRequiredService<EventProcessor>();
        var e = domain.Event(CallId.Parse("elsewhere"), 1, CallEventType.CallStarted);
        e = e with { Call = e.Call with { Domain = "unknown.test" } };

        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.ProcessAsync(Message(e), CancellationToken.None));
        var late = Message(e with { Time = e.Time.AddMinutes(-6) });
        var refused = await Assert.ThrowsAsync<UnprocessableEventException>(() => processor.ProcessAsync(late, CancellationToken.None));

        Assert.Equal("event-domain-unknown", refused.Reason);
    }

    [Fact]
    public async Task TokenOfOneDomain_TellsOfThatDomainOnlyAndTheSweepLeavesItsCallsAlone()
    {
        var domain = app.NewDomain();
        var (mine, theirs) = (CallId.Parse("foreign-1"), CallId.Parse("foreign-2"));
        var from = app.Logs.Count;
        var wrong = domain.Event(mine, 1, CallEventType.CallStarted);
        var right = wrong with { CallId = theirs, Call = wrong.Call with { Domain = "other.test" } };

        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(wrong, AppRig.OtherPbxToken)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(right, AppRig.OtherPbxToken)).Status);

        await app.Logs.WaitAsync(l => l.Id == 1040 && l.Text.Contains("event-domain-not-allowed", StringComparison.Ordinal), "the refusal is logged", from: from);
        var store = app.Services.GetRequiredService<ICallStore>();
        var stored = await app.UntilAsync(() => store.FindAsync("other.test", theirs, CancellationToken.None), "the other is in");
        Assert.Null(await store.FindAsync(domain.Name, mine, CancellationToken.None));
        Assert.True(stored.Row.IsForeign);
        Assert.False(SweepPolicy.IsDue(stored.Row, app.Clock.GetUtcNow().AddDays(1), new SweepTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)));
    }

    public static TheoryData<string, string> BadEvents => new()
    {
        { """{"id":"x"}""", "event-not-readable" },
        { """{"id":"x","callId":"c 1","sequence":1,"type":"call.started","time":"2026-01-01T00:00:00Z","call":{"domain":"d","direction":"outbound","user":"1","destination":"2","startedAt":"2026-01-01T00:00:00Z"}}""", "event-not-readable" },
        { """{"id":"x","callId":"c1","sequence":0,"type":"call.started","time":"2026-01-01T00:00:00Z","call":{"domain":"d","direction":"outbound","user":"1","destination":"2","startedAt":"2026-01-01T00:00:00Z"}}""", "event-sequence-out-of-range" },
        { """{"id":"x","callId":"c1","sequence":1,"type":"call.ended","time":"2026-01-01T00:00:00Z","call":{"domain":"d","direction":"outbound","user":"1","destination":"2","startedAt":"2026-01-01T00:00:00Z"}}""", "terminal-event-without-outcome" },
        { """{"id":"x","callId":"c1","sequence":1,"type":"call.started","time":"2026-01-01T00:00:00Z","call":{"domain":"a/b","direction":"outbound","user":"1","destination":"2","startedAt":"2026-01-01T00:00:00Z"}}""", "event-domain-invalid" },
    };

    [Theory]
    [MemberData(nameof(BadEvents))]
    public async Task BadEvent_EndsInThePoisonQueueWithItsReasonLogged(string body, string reason)
    {
        var domain = app.NewDomain();
        var from = app.Logs.Count;
        var marked = body[..^1] + new string(' ', 1 + body.Length % 7) + body[^1];

        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(new StringContent(marked, System.Text.Encoding.UTF8, "application/json"))).Status);

        await app.Logs.WaitAsync(l => l.Id == 1040 && l.Text.Contains(reason, StringComparison.Ordinal), "the reason is logged", from: from);
        var set = await app.UntilAsync(() => FindAsync(domain, marked), "it is among the events set aside");
        Assert.Equal(reason, set.Event.GetProperty("reason").GetString());
    }

    private static async Task<Found?> FindAsync(TestDomain domain, string body)
    {
        var page = (await domain.AdminAsync(HttpMethod.Get, "/api/webhooks/poison", key: AppRig.OperatorKey)).Json;
        return page.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("body").GetString() == body).Select(e => new Found(e)).FirstOrDefault();
    }

    [Fact]
    public async Task StorageThatFailsManyTimes_LosesNoEvent()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        app.Faults.Fail(domain.Name, times: 40);

        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        Assert.Equal(0, app.Faults.Left(domain.Name));
    }

    [Fact]
    public async Task EventSetAside_IsReplayedOnceItsCauseIsMendedAndSeenByItsOwnDomainOnly()
    {
        var (domain, other) = (app.NewDomain(), app.NewDomain());
        var id = await domain.PlaceAsync();
        var wrong = domain.Event(id, 1, CallEventType.CallStarted) with { CallId = id };
        wrong = wrong with { Leg = new LegSummary(new string('x', 300), LegRole.User) };
        await domain.TellAsync(wrong);

        var set = await app.UntilAsync(
            async () => (await domain.AdminAsync(HttpMethod.Get, "/api/webhooks/poison")).Json.GetProperty("events") is { } list && list.GetArrayLength() == 1 ? new Found(list[0]) : null,
            "it is set aside");
        var path = $"/api/webhooks/poison/{set.Event.GetProperty("id").GetString()}/replay";

        Assert.Equal("event-text-too-long", set.Event.GetProperty("reason").GetString());
        (await domain.SendAsync(HttpMethod.Get, "/api/webhooks/poison")).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await other.AdminAsync(HttpMethod.Post, path)).IsProblem(HttpStatusCode.NotFound, "poison-unknown");
        var from = app.Logs.Count;
        Assert.Equal(HttpStatusCode.Accepted, (await domain.AdminAsync(HttpMethod.Post, path)).Status);
        await app.Logs.WaitAsync(l => l.Id == 1040, "it has failed again", from: from);
        await app.UntilAsync(
            async () => (await domain.AdminAsync(HttpMethod.Get, "/api/webhooks/poison")).Json.GetProperty("events").GetArrayLength() == 1 ? "there" : null,
            "it is set aside again");
    }

    [Fact]
    public async Task Event_CostsThreeRequestsToStorageAndOneForTheSubscriptionsNowAndThen()
    {
        var domain = app.NewDomain();
        var subscriptions = app.Services.GetRequiredService<SubscriptionBook>();
        var id = await domain.PlaceAsync();
        var processor = app.Services.GetRequiredService<EventProcessor>();
        Task Process(CallEvent e)
        {
            subscriptions.Forget(domain.Name);
            return processor.ProcessAsync(Message(e), CancellationToken.None);
        }

        Assert.Equal(4, await app.Storage.OfAsync(() => Process(domain.Event(id, 1, CallEventType.CallStarted))));
        Assert.Equal(4, await app.Storage.OfAsync(() => Process(domain.Ended(id, 2))));
        Assert.Equal(2, await app.Storage.OfAsync(() => Process(domain.Ended(id, 2))));
    }

    [Fact]
    public async Task ManyEventsOfOneCallAtOnce_AreAllCounted()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        var processor = app.Services.GetRequiredService<EventProcessor>();

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => processor.ProcessAsync(Message(domain.Event(id, i, CallEventType.LegRinging)), CancellationToken.None)));

        Assert.Equal(10, (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("eventsSeen").GetInt32());
    }

    private sealed record Found(JsonElement Event);

    private static string Message(CallEvent e) => JsonSerializer.Serialize(
        new EventEnvelope(e.Time, "pbx", JsonSerializer.SerializeToUtf8Bytes(e, ContractsJson.Default.CallEvent)),
        ClickToDial.App.Hosting.AppJson.Default.EventEnvelope);

    private static string? Text(JsonElement call, string name) => call.GetProperty(name).GetString();
}
