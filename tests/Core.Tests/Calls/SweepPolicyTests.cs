using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Tests.Calls;

public sealed class SweepPolicyTests
{
    private static readonly SweepTimes Times = new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10));
    private static readonly CallRecord Seen = CallReducer.Apply(null, CallEvents.Answered[0]).Row;
    private static readonly CallRecord NeverSeen = CallRecord.Requested(
        new PlacedCall(CallEvents.Id, "f", new OriginateCommand("d", "101", "echo"), CallEvents.Start.AddSeconds(1)));
    private static readonly CallOutcome Busy = new(CallResult.Busy, CallReasons.DestinationBusy);

    public static TheoryData<string, double, string> Table => new()
    {
        { "unknown", 1.9, "leave" },
        { "unknown", 2, "close worker-lost" },
        { "unreachable", 2, "leave" },
        { "unreachable", 9.9, "leave" },
        { "unreachable", 10, "close worker-lost" },
        { "up", 2, "confirm" },
        { "up", 60, "confirm" },
        { "ended", 2, "leave" },
        { "ended", 10, "close destination-busy" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void EveryView_HasItsDecision(string view, double minutes, string expected) =>
        Assert.Equal(expected, Say(SweepPolicy.Decide(Seen, View(view), CallEvents.Start.AddSeconds(1).AddMinutes(minutes), Times)));

    [Fact]
    public void CallNoWorkerEverHad_SaysSo() =>
        Assert.Equal("close worker-unavailable", Say(SweepPolicy.Decide(NeverSeen, View("unknown"), CallEvents.Start.AddMinutes(3), Times)));

    [Fact]
    public void EndedCall_IsLeft()
    {
        var ended = CallReducer.Apply(Seen, CallEvents.Answered[^1]).Row;
        Assert.Equal("leave", Say(SweepPolicy.Decide(ended, View("unknown"), CallEvents.Start.AddDays(1), Times)));
    }

    [Fact]
    public void ConfirmedCall_IsNotGoneAtTheFirstSilence()
    {
        var confirmed = Seen with { ConfirmedAt = CallEvents.Start.AddHours(1) };
        Assert.Equal("leave", Say(SweepPolicy.Decide(confirmed, View("unreachable"), CallEvents.Start.AddHours(1).AddMinutes(3), Times)));
    }

    private static WorkerView View(string name) => name switch
    {
        "unknown" => new WorkerView.Unknown(),
        "unreachable" => new WorkerView.Unreachable(),
        "up" => new WorkerView.Known(new CallSnapshot(CallEvents.Id, CallState.Connected, CallEvents.Parties)),
        _ => new WorkerView.Known(new CallSnapshot(CallEvents.Id, CallState.Ended, CallEvents.Parties, Outcome: Busy)),
    };

    private static string Say(SweepDecision decision) => decision switch
    {
        SweepDecision.Close close => "close " + close.Outcome.Reason,
        SweepDecision.Confirm => "confirm",
        _ => "leave",
    };
}
