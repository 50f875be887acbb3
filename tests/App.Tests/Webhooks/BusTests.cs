using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Calls;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Webhooks;

/// <summary>The same app with its events in Service Bus (D2, B3, P5): ingest, processor and webhook over AMQP.</summary>
public sealed class BusTests(BusRig rig) : IClassFixture<BusRig>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StepsThatComeInAnyOrder_GoOnInOrder()
    {
        AzuriteFixture.SkipIfMissing();
        await HandOnChecks.StepsThatComeInAnyOrder_GoOnInOrderAsync(rig.App);
    }

    [Fact]
    public async Task MissingStep_IsWaitedForAndThenPassedOver()
    {
        AzuriteFixture.SkipIfMissing();
        await HandOnChecks.MissingStep_IsWaitedForAndThenPassedOverAsync(rig.App);
    }

    [Fact]
    public async Task Batch_IsAMessageForEachEventAndARepeatIsDroppedByTheQueue()
    {
        var (domain, id) = await PlaceAsync();
        var batch = "[" + string.Join(',', Enumerable.Range(1, 3).Select(i => Json(domain.Event(id, i, CallEventType.LegRinging)))) + "]";

        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostPbxAsync(batch)).Status);
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 3, "all are in");
        await rig.Broker.UntilCountAsync(EventEnvelope.QueueName, 0);
        var runs = Runs();
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostPbxAsync(batch)).Status);

        Assert.Equal(0, await rig.Broker.CountAsync(EventEnvelope.QueueName));
        Assert.Equal(runs, Runs());
        var queue = rig.App.Services.GetRequiredService<StorageClients>().Queues.GetQueueClient(EventEnvelope.QueueName);
        Assert.Equal(0, (await queue.GetPropertiesAsync(Stop)).Value.ApproximateMessagesCount);
        Assert.DoesNotContain(rig.App.Logs.Snapshot(), l => l.Id == 1510 && l.Text.StartsWith(nameof(ProcessCallEvent), StringComparison.Ordinal));

        int Runs() => rig.App.Logs.Snapshot().Count(l => l.Id == 1501 && l.Text.Contains(nameof(ProcessBusEvent), StringComparison.Ordinal));
    }

    [Fact]
    public async Task EventTooLargeForAMessage_GoesByBlobAndTheBlobGoesAfterwards()
    {
        var (domain, id) = await PlaceAsync();
        var body = new byte[200 * 1024];
        body.AsSpan().Fill((byte)' ');
        JsonSerializer.SerializeToUtf8Bytes(domain.Event(id, 1, CallEventType.CallStarted), ContractsJson.Default.CallEvent).CopyTo(body, 0);

        await rig.App.Services.GetRequiredService<IEventSink>().EnqueueAsync([new QueuedEvent(body, EventSources.Pbx)], Stop);

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        var blobs = rig.App.Services.GetRequiredService<StorageClients>().Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);
        await rig.App.UntilAsync(async () => await blobs.GetBlobsAsync(cancellationToken: Stop).AnyAsync(Stop) ? null : "gone", "the blob is gone");
    }

    [Fact]
    public async Task QueueThatIsAway_Is503AndARepeatIsTakenOnceItIsBack()
    {
        var (domain, id) = await PlaceAsync();
        var e = domain.Event(id, 1, CallEventType.CallStarted);
        Assert.Equal("up", await QueueAsync(domain));

        await rig.Broker.KillAsync();
        (await domain.TellAsync(e)).IsProblem(HttpStatusCode.ServiceUnavailable, "queue-unavailable");
        Assert.Equal("down", await QueueAsync(domain));
        await rig.Broker.StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(e)).Status);
        await rig.App.Logs.WaitForAsync(
            async () => (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("eventsSeen").GetInt32() == 1 ? "in" : null, "it is in", Patience.Start);
        Assert.Equal("up", await QueueAsync(domain));
    }

    [Fact]
    public async Task StorageThatFailsTooOften_LeavesADeadLetterThatComesBack()
    {
        var (domain, id) = await PlaceAsync();
        rig.App.Faults.Fail(domain.Name, times: 3);

        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        await rig.Broker.UntilCountAsync(BusRig.Dead, 1);
        await rig.App.Services.GetRequiredService<DeadLetterDesk>().ReplayAsync(Stop);

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        Assert.Equal(0, await rig.Broker.CountAsync(BusRig.Dead));
    }

    [Fact]
    public async Task DeadLetterThatNeverWorks_IsSetAsideWithItsReasonAndReplayedByHand()
    {
        var (domain, id) = await PlaceAsync();
        var desk = rig.App.Services.GetRequiredService<DeadLetterDesk>();
        rig.App.Faults.Fail(domain.Name, times: int.MaxValue);
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        for (var round = 0; round <= DeadLetterDesk.MaxRounds; round++)
        {
            await rig.Broker.UntilCountAsync(BusRig.Dead, 1);
            await desk.ReplayAsync(Stop);
        }

        Assert.Equal(0, await rig.Broker.CountAsync(BusRig.Dead));
        rig.App.Faults.Fail(domain.Name, times: 0);
        var page = (await domain.AdminAsync(HttpMethod.Get, "/api/webhooks/poison", key: AppRig.OperatorKey)).Json;
        var set = page.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("body").GetString()!.Contains(id.Value, StringComparison.Ordinal));
        Assert.Equal("failed-too-often", set.GetProperty("reason").GetString());
        await domain.AdminAsync(HttpMethod.Post, $"/api/webhooks/poison/{set.GetProperty("id").GetString()}/replay", key: AppRig.OperatorKey);

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
    }

    private static string Json(CallEvent e) => JsonSerializer.Serialize(e, ContractsJson.Default.CallEvent);

    [Fact(DisplayName = "B5: the trace that an event came with goes on through Service Bus to the webhook that tells of it")]
    public async Task Trace_GoesOnThroughTheBus()
    {
        var (domain, id) = await PlaceAsync();
        var trace = ActivityTraceId.CreateRandom();
        var spans = new EventLog<(string Name, string Id, string? Parent)>("spans of the trace");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("ClickToDial.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> made) => made.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => spans.Append((span.DisplayName, span.Id!, span.ParentId)),
        };
        ActivitySource.AddActivityListener(listener);
        await using var crm = await SubscriberPeer.StartAsync();
        await domain.SubscribeAsync(crm.Url);
        var sent = $"00-{trace}-{ActivitySpanId.CreateRandom()}-01";

        var posted = await domain.PostPbxAsync(Json(domain.Event(id, 1, CallEventType.CallStarted)), with: request => request.Headers.Add(Spans.Header, sent));

        Assert.Equal(HttpStatusCode.Accepted, posted.Status);
        var told = await crm.Requests.WaitAsync(request => request.Id == $"{id}.1", "the webhook");
        var delivery = await spans.WaitAsync(span => span.Id == told.Headers[Spans.Header], "the span of the delivery");
        var processing = await spans.WaitAsync(span => span.Id == delivery.Parent, "the span of the processor");
        var ingest = await spans.WaitAsync(span => span.Id == processing.Parent, "the span of the ingest");
        Assert.Equal(("deliver webhook", "process event", "IngestPbxEvent", sent), (delivery.Name, processing.Name, ingest.Name, ingest.Parent));
    }

    private async Task<(TestDomain Domain, CallId Id)> PlaceAsync()
    {
        AzuriteFixture.SkipIfMissing();
        var domain = rig.App.NewDomain();
        return (domain, await domain.PlaceAsync());
    }

    private static async Task<string?> QueueAsync(TestDomain domain) =>
        (await domain.GetAsync("/healthz")).Json.GetProperty("dependencies").GetProperty("queue").GetString();
}
