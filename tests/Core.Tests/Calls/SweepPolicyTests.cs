using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Tests.Calls;

public sealed class SweepPolicyTests
{
    private static readonly SweepTimes Times = new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
    private static readonly DateTimeOffset Received = CallEvents.Start.AddHours(1);
    private static readonly CallRecord Seen = CallReducer.Apply(null, CallEvents.Answered[0], Received).Row;
    private static readonly CallRecord NeverSeen = CallRecord.Requested(
        new PlacedCall(CallEvents.Id, "f", new OriginateCommand("d", "101", "echo"), CallEvents.Start.AddSeconds(1)));
    private static readonly CallOutcome Busy = new(CallResult.Busy, CallReasons.DestinationBusy);

    public static TheoryData<string, double, double?, string> Table => new()
    {
        { "unknown", 1.9, null, "leave" },
        { "unknown", 60, null, "doubt" },
        { "unknown", 60, 59.1, "leave" },
        { "unknown", 60, 59, "close worker-lost" },
        { "unknown", 60, -1, "doubt" },
        { "unreachable", 2, null, "doubt" },
        { "unreachable", 9.9, 3, "leave" },
        { "unreachable", 10, 3, "close worker-lost" },
        { "up", 2, null, "confirm" },
        { "up", 60, 3, "confirm" },
        { "ended", 2, null, "doubt" },
        { "ended", 9.9, 3, "leave" },
        { "ended", 10, 3, "close destination-busy" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void EveryView_HasItsDecision(string view, double minutes, double? doubted, string expected)
    {
        var row = Seen with { DoubtedAt = doubted is { } after ? Received.AddMinutes(after) : null };
        Assert.Equal(expected, Say(SweepPolicy.Decide(row, View(view), Received.AddMinutes(minutes), Times)));
    }

    [Fact]
    public void OldNewsThatCameInJustNow_IsNews() =>
        Assert.Equal("leave", Say(SweepPolicy.Decide(
            Seen with { HeardAt = CallEvents.Start.AddDays(3) }, View("unknown"), CallEvents.Start.AddDays(3).AddMinutes(1), Times)));

    [Fact]
    public void SnapshotOfAnEndedCall_GivesItsTimesAndLegs()
    {
        var decision = SweepPolicy.Decide(
            Seen with { DoubtedAt = Received.AddMinutes(3) }, View("ended"), Received.AddMinutes(20), Times);

        var end = Assert.IsType<SweepDecision.Close>(decision).End;
        Assert.Equal((CallEvents.Start.AddSeconds(9), CallEvents.Start.AddSeconds(5), 1), (end.At, end.ConnectedAt, end.Legs!.Count));
    }

    [Fact]
    public void CallNoWorkerEverHad_SaysSo() =>
        Assert.Equal("close worker-unavailable", Say(SweepPolicy.Decide(
            NeverSeen with { DoubtedAt = CallEvents.Start.AddMinutes(3) }, View("unknown"), CallEvents.Start.AddMinutes(5), Times)));

    [Fact]
    public void EndedCall_IsLeft()
    {
        var ended = CallReducer.Apply(Seen, CallEvents.Answered[^1], Received).Row;
        Assert.Equal("leave", Say(SweepPolicy.Decide(ended, View("unknown"), CallEvents.Start.AddDays(1), Times)));
    }

    [Fact]
    public void ConfirmedCall_IsNotGoneAtTheFirstSilence()
    {
        var confirmed = Seen with { ConfirmedAt = Received.AddHours(1), DoubtedAt = Received.AddMinutes(59) };
        Assert.Equal("doubt", Say(SweepPolicy.Decide(confirmed, View("unreachable"), Received.AddHours(1).AddMinutes(11), Times)));
    }

    private static WorkerView View(string name) => name switch
    {
        "unknown" => new WorkerView.Unknown(),
        "unreachable" => new WorkerView.Unreachable(),
        "up" => new WorkerView.Known(new CallSnapshot(CallEvents.Id, CallState.Connected, CallEvents.Parties)),
        _ => new WorkerView.Known(new CallSnapshot(CallEvents.Id, CallState.Ended, CallEvents.Parties,
            CallEvents.Start.AddSeconds(5), CallEvents.Start.AddSeconds(9), Busy, [new LegSummary("d1", LegRole.Destination)])),
    };

    private static string Say(SweepDecision decision) => decision switch
    {
        SweepDecision.Close close => "close " + close.End.Outcome.Reason,
        SweepDecision.Confirm => "confirm",
        SweepDecision.Doubt => "doubt",
        _ => "leave",
    };
}
