using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallReducerTests
{
    [Fact]
    public void WholeCall_MakesACompleteRow()
    {
        var row = Fold(CallEvents.Answered)!;

        Assert.Equal(CallState.Ended, row.State);
        Assert.Equal(["103-desk", "103-mobile"], row.DevicesRung);
        Assert.Equal("103-mobile", row.AnsweredDevice);
        Assert.Equal("carrier", row.Trunk);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.DestinationHungUp), row.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(12), row.TotalDuration);
        Assert.Equal(TimeSpan.FromSeconds(2), row.TalkDuration);
        Assert.Equal(3, row.Legs.Count);
        Assert.True(row.Seen is { Max: 12, Count: 12, HasNoGap: true });
        Assert.Equal("worker-1", row.Worker);
    }

    [Fact]
    public void AnyOrderWithAnyRepeats_MakesTheSameRow()
    {
        var inOrder = Fold(CallEvents.Answered);
        var shuffles = Gen.Shuffle(CallEvents.Answered.Concat(CallEvents.Answered).ToArray())
            .SelectMany(all => Gen.Choose(0, all.Length - 1).Select(extra => all.Concat(all.Take(extra)).ToList()));

        Prop.ForAll(shuffles.ToArbitrary(), events => Fold(events)!.Equals(inOrder))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void StateOfAnOpenCall_NeverGoesBack()
    {
        var open = CallEvents.Answered.Take(11).ToArray();
        Prop.ForAll(Gen.Shuffle(open).ToArbitrary(), events =>
        {
            var states = new List<CallState>();
            CallRecord? row = null;
            foreach (var e in events) states.Add((row = CallReducer.Apply(row, e).Row).State);
            return states.SequenceEqual(states.Order()) && states[^1] == CallState.Connected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    public static TheoryData<int, CallState> StateAfter => new()
    {
        { 1, CallState.RingingUser }, { 2, CallState.RingingUser }, { 4, CallState.RingingUser }, { 6, CallState.Prompting },
        { 7, CallState.RingingDestination }, { 8, CallState.RingingDestination }, { 10, CallState.Connected }, { 12, CallState.Ended },
    };

    [Theory]
    [MemberData(nameof(StateAfter))]
    public void EachStep_HasItsState(int events, CallState expected) => Assert.Equal(expected, Fold(CallEvents.Answered.Take(events))!.State);

    [Fact]
    public void Repeat_IsADuplicateAndChangesNothing()
    {
        var row = Fold(CallEvents.Answered.Take(4));

        var (again, change) = CallReducer.Apply(row, CallEvents.Answered[2]);

        Assert.Equal(CallChange.Duplicate, change);
        Assert.Same(row, again);
    }

    [Fact]
    public void StateAfterTheEnd_IsLateAndOnlyCounted()
    {
        var ended = Fold(CallEvents.Answered.Take(3).Append(CallEvents.Answered[^1]))!;

        var (row, change) = CallReducer.Apply(ended, CallEvents.Answered[9]);

        Assert.Equal(CallChange.Late, change);
        Assert.Equal(ended with { Seen = row.Seen }, row);
        Assert.True(row.Seen.Contains(10));
    }

    [Fact]
    public void SecondTerminal_DoesNotReplaceTheFirst()
    {
        var open = Fold(CallEvents.Answered.Take(10))!;
        var closing = CallClosing.Terminal(open, new CallOutcome(CallResult.Failed, CallReasons.WorkerLost), CallEvents.Start.AddMinutes(9));
        var closed = CallReducer.Apply(open, closing).Row;

        var (row, change) = CallReducer.Apply(closed, CallEvents.Answered[^1]);

        Assert.Equal(CallChange.Late, change);
        Assert.Equal(CallReasons.WorkerLost, row.Outcome?.Reason);
        Assert.Equal("103-mobile", row.AnsweredDevice);
        Assert.Equal(CallEvents.Start.AddSeconds(10), row.ConnectedAt);
    }

    [Fact]
    public void RequestedRow_KeepsWhatTheApiKnew()
    {
        var placed = new PlacedCall(CallEvents.Id, "f", new("demo.local", "103", "+12025550100"), CallEvents.Start.AddSeconds(-1));

        var row = CallReducer.Apply(CallRecord.Requested(placed), CallEvents.Answered[0]).Row;

        Assert.Equal(CallEvents.Start.AddSeconds(-1), row.RequestedAt);
        Assert.Equal(CallEvents.Start, row.StartedAt);
        Assert.Equal(CallState.RingingUser, row.State);
    }

    [Fact]
    public void MissingStep_ShowsAsAGap() => Assert.False(Fold(CallEvents.Answered.Where(e => e.Sequence != 5))!.Seen.HasNoGap);

    private static CallRecord? Fold(IEnumerable<CallEvent> events) =>
        events.Aggregate((CallRecord?)null, (row, e) => CallReducer.Apply(row, e).Row);
}
