using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Tests.Calls;

/// <summary>The events of a whole call, as a worker tells them.</summary>
internal static class CallEvents
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly CallId Id = CallId.Parse("call-1");
    public static readonly CallParties Parties = new("demo.local", CallDirection.Outbound, "103", "+12025550100", Start, "+12025550199");

    private static readonly LegSummary Desk = new("u1", LegRole.User, "103-desk");
    private static readonly LegSummary Mobile = new("u2", LegRole.User, "103-mobile");
    private static readonly LegSummary Far = new("d1", LegRole.Destination, Trunk: "carrier");

    public static IReadOnlyList<CallEvent> Answered { get; } =
    [
        Event(1, CallEventType.CallStarted),
        Event(2, CallEventType.LegRinging, Mobile),
        Event(3, CallEventType.LegRinging, Desk),
        Event(4, CallEventType.LegAnswered, Mobile),
        Event(5, CallEventType.LegEnded, Desk),
        Event(6, CallEventType.CallPrompting),
        Event(7, CallEventType.CallConfirmed),
        Event(8, CallEventType.LegRinging, Far),
        Event(9, CallEventType.LegAnswered, Far),
        Event(10, CallEventType.CallConnected) with { ConnectedAt = Start.AddSeconds(10) },
        Event(11, CallEventType.LegEnded, Mobile),
        Event(12, CallEventType.CallEnded) with
        {
            ConnectedAt = Start.AddSeconds(10),
            Outcome = new CallOutcome(CallResult.Answered, CallReasons.DestinationHungUp),
            Legs =
            [
                Desk with { SipStatus = 487 },
                Mobile with { AnsweredAt = Start.AddSeconds(4), Media = new MediaSummary("PCMA", 100, 99, 1) },
                Far with { AnsweredAt = Start.AddSeconds(9), SipStatus = 200 },
            ],
        },
    ];

    public static CallEvent Event(int sequence, CallEventType type, LegSummary? leg = null) =>
        new(CallEvent.IdFor(Id, sequence), Id, sequence, type, Start.AddSeconds(sequence), Parties, "worker-1", leg);
}
