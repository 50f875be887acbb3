using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Deliveries;

/// <summary>Made-up events, one for each trigger, for samples and tests: they take the way of real ones.</summary>
public static class SampleEvents
{
    private static readonly DateTimeOffset Began = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    /// <summary>By trigger.</summary>
    public static IReadOnlyDictionary<string, RenderedEvent> Of(PayloadStyle style) =>
        Events(style).Select(e => EventRenderer.Render(e, style)).OfType<RenderedEvent>()
            // A recording is a step of ours and an item of others.
            .DistinctBy(e => e.Trigger).ToDictionary(e => e.Trigger, StringComparer.Ordinal);

    private static IEnumerable<AcceptedEvent> Events(PayloadStyle style) =>
        (style == PayloadStyle.CallEvent
            ? Enum.GetValues<CallEventType>().Select(t => Step(t, CallDirection.Outbound))
            : PbxSteps().SelectMany(t => new[] { Step(t, CallDirection.Inbound), Step(t, CallDirection.Outbound) }))
        .Concat(Items());

    private static CallEventType[] PbxSteps() => [CallEventType.CallStarted, CallEventType.CallConnected, CallEventType.CallEnded, CallEventType.RecordingStopped];

    private static AcceptedEvent Step(CallEventType type, CallDirection direction)
    {
        var (id, answered, ended) = (CallId.Parse("sample-call-1"), Began.AddSeconds(6), Began.AddSeconds(66));
        var inbound = direction == CallDirection.Inbound;
        var parties = new CallParties("demo.local", direction, "101", inbound ? "101" : "+12025550123", Began, inbound ? "+12025550123" : "+12025550100");
        var isOver = type == CallEventType.CallEnded;
        var e = new CallEvent(CallEvent.IdFor(id, 1), id, 1, type, isOver ? ended : Began, parties)
        {
            ConnectedAt = isOver || type == CallEventType.CallConnected ? answered : null,
            Outcome = isOver ? new CallOutcome(CallResult.Answered, CallReasons.DestinationHungUp, 200) : null,
            Leg = type is CallEventType.LegRinging or CallEventType.LegAnswered or CallEventType.LegEnded or CallEventType.CallHeld
                or CallEventType.CallResumed or CallEventType.LegMuted or CallEventType.LegUnmuted
                ? new LegSummary("u1", LegRole.User, "101") : null,
            Recording = type is CallEventType.RecordingStarted or CallEventType.RecordingStopped ? new RecordingSummary("sample-recording-1", Seconds: 60) : null,
        };
        return AcceptedEvent.Of(e, CallReducer.Apply(null, e, e.Time).Row);
    }

    private static IEnumerable<AcceptedEvent> Items()
    {
        var told = new PbxEvent(
            PbxEventType.QueueCall, null, "sample-call-2", null, "+12025550123", "Ada", "Grace", "101", "+12025550100", "Sales", null, "answered", "Order hook",
            Began, Began.AddSeconds(6), Began.AddSeconds(66), 66, 60, ["crm@example.com"], "A message for you", "See the attachment.",
            ["https://pbx.example.com/voicemail/1.wav"], "https://pbx.example.com/recordings/1.mp3");
        return new[] { PbxEventType.QueueCall, PbxEventType.RingGroupCall, PbxEventType.Voicemail, PbxEventType.RecordingInbound, PbxEventType.RecordingOutbound, PbxEventType.WebhookComponent }
            .Select(type => AcceptedEvent.Of(PbxItem.Of(
                type == PbxEventType.RingGroupCall ? told with { Type = type, QueueName = null, RingGroupName = "Front desk" } : told with { Type = type }, "demo.local",
                ReadOnlyMemory<byte>.Empty, Began)));
    }
}
