using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallReducerTests
{
    private static readonly DateTimeOffset Received = CallEvents.Start.AddHours(1);

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
            foreach (var e in events) states.Add((row = CallReducer.Apply(row, e, Received).Row).State);
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

        var (again, change) = CallReducer.Apply(row, CallEvents.Answered[2], Received);

        Assert.Equal(CallChange.Duplicate, change);
        Assert.Same(row, again);
    }

    [Fact]
    public void StateAfterTheEnd_IsLateAndTheEndStays()
    {
        var ended = Fold(CallEvents.Answered.Take(3).Append(CallEvents.Answered[^1]))!;

        var (row, change) = CallReducer.Apply(ended, CallEvents.Answered[9], Received);

        Assert.Equal(CallChange.Late, change);
        Assert.Equal(ended with { Seen = row.Seen }, row);
        Assert.True(row.Seen.Contains(10));
    }

    /// <summary>Ends that know little of the call: told by a worker that had died, made by the sweep, made from a snapshot.</summary>
    public static TheoryData<string, CallEvent[]> PoorEnds
    {
        get
        {
            var row = Fold(CallEvents.Answered.Take(3))!;
            var lost = CallEvents.Event(12, CallEventType.CallEnded) with { Outcome = new CallOutcome(CallResult.Failed, CallReasons.WorkerLost) };
            var swept = CallClosing.Terminal(row, CallEnd.Lost(row, CallEvents.Start));
            var whole = CallEvents.Answered[^1];
            var snapshot = CallClosing.Terminal(row, new CallEnd(whole.Outcome!, whole.Time, whole.ConnectedAt, whole.Legs));
            return new()
            {
                { "told by the worker when it was back", [lost] },
                { "made by the sweep", [swept] },
                { "made from the worker's snapshot", [snapshot] },
                { "made by the sweep, then told by the worker", [swept, whole] },
            };
        }
    }

    [Theory]
    [MemberData(nameof(PoorEnds))]
    public void EndThatKnowsLittle_MakesTheSameRowInAnyOrder(string name, CallEvent[] ends)
    {
        Assert.NotEmpty(name);
        CallEvent[] all = [.. CallEvents.Answered.Take(11), .. ends];
        var inOrder = Fold(all)!;

        Assert.Equal(("103-mobile", "carrier"), (inOrder.AnsweredDevice, inOrder.Trunk));
        Assert.Equal(CallEvents.Start.AddSeconds(10), inOrder.ConnectedAt);
        Assert.Equal(["103-desk", "103-mobile"], inOrder.DevicesRung);
        Prop.ForAll(Gen.Shuffle(all.Concat(all).ToArray()).ToArbitrary(), events => Fold(events)!.Equals(inOrder))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void WorkersOwnEnd_TakesThePlaceOfTheSweeps()
    {
        var open = Fold(CallEvents.Answered.Take(10))!;
        var closed = CallReducer.Apply(open, CallClosing.Terminal(open, CallEnd.Lost(open, Received)), Received).Row;
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.WorkerLost), closed.Outcome);
        Assert.Equal((CallEvents.Start.AddSeconds(10), false), (closed.EndedAt, closed.IsEndedByWorker));
        Assert.Equal(open.Seen, closed.Seen);

        var (row, change) = CallReducer.Apply(closed, CallEvents.Answered[^1], Received);

        Assert.Equal((CallChange.Applied, CallReasons.DestinationHungUp), (change, row.Outcome?.Reason));
        Assert.Equal((12, true, CallEvents.Start.AddSeconds(12)), (row.EndSequence, row.IsEndedByWorker, row.EndedAt));
        Assert.Equal(3, row.Legs.Count);
    }

    [Fact]
    public void SweepsEnd_IsVoidWhenNewsCameInAfterItWasMade()
    {
        var open = Fold(CallEvents.Answered.Take(10))!;

        var (row, change) = CallReducer.Apply(open, CallClosing.Terminal(open, CallEnd.Lost(open, Received)), Received.AddSeconds(-1));

        Assert.Equal(CallChange.Duplicate, change);
        Assert.Same(open, row);
    }

    [Fact]
    public void RequestedRow_KeepsWhatTheApiKnew()
    {
        var placed = new PlacedCall(CallEvents.Id, "f", new("demo.local", "103", "+12025550100"), CallEvents.Start.AddSeconds(-1));

        var row = CallReducer.Apply(CallRecord.Requested(placed), CallEvents.Answered[0], Received).Row;

        Assert.Equal(CallEvents.Start.AddSeconds(-1), row.RequestedAt);
        Assert.Equal(CallEvents.Start, row.StartedAt);
        Assert.Equal(CallState.RingingUser, row.State);
    }

    [Fact]
    public void CallFromOutside_ShowsTheUsersDevicesAndTheTrunkItCameBy()
    {
        var caller = new LegSummary("leg-1", LegRole.Caller, Trunk: "carrier");
        var desk = new LegSummary("leg-2", LegRole.User, "103-desk");
        CallEvent[] events =
        [
            CallEvents.Event(1, CallEventType.CallStarted),
            CallEvents.Event(2, CallEventType.LegRinging, desk),
            CallEvents.Event(3, CallEventType.LegAnswered, desk),
            CallEvents.Event(4, CallEventType.CallConnected) with { ConnectedAt = CallEvents.Start.AddSeconds(4) },
            CallEvents.Event(5, CallEventType.CallEnded) with
            {
                ConnectedAt = CallEvents.Start.AddSeconds(4),
                Outcome = new CallOutcome(CallResult.Answered, CallReasons.CallerHungUp),
                Legs = [caller with { AnsweredAt = CallEvents.Start.AddSeconds(4) }, desk with { AnsweredAt = CallEvents.Start.AddSeconds(3) }],
            },
        ];

        Assert.Equal(CallState.RingingUser, Fold(events.Take(3))!.State);
        var row = Fold(events.Select(e => e with { Call = e.Call with { Direction = CallDirection.Inbound } }))!;

        Assert.Equal((CallDirection.Inbound, "103-desk", "carrier"), (row.Direction, row.AnsweredDevice, row.Trunk));
        Assert.Equal(["103-desk"], row.DevicesRung);
    }

    public static TheoryData<CallEventType> WhileTwoTalk =>
    [
        CallEventType.CallHeld, CallEventType.CallResumed, CallEventType.LegMuted, CallEventType.LegUnmuted, CallEventType.CallTransferring,
        CallEventType.CallTransferred, CallEventType.CallTransferFailed, CallEventType.RecordingStarted, CallEventType.RecordingStopped,
    ];

    [Theory]
    [MemberData(nameof(WhileTwoTalk))]
    public void WhatHappensWhileTwoTalk_LowersNoState(CallEventType type)
    {
        var leg = new LegSummary("d1", LegRole.Destination, Trunk: "carrier");
        var talking = Fold(CallEvents.Answered.Take(10))!;
        var (row, change) = CallReducer.Apply(talking, CallEvents.Event(11, type, leg), Received);
        Assert.Equal((CallChange.Applied, CallState.Connected), (change, row.State));

        var ended = Fold(CallEvents.Answered)!;
        var (late, lateChange) = CallReducer.Apply(ended, CallEvents.Event(13, type, leg), Received);
        Assert.Equal((CallChange.Late, CallState.Ended), (lateChange, late.State));
        Assert.Equal((ended.Outcome, ended.EndedAt, ended.EndSequence, ended.Legs), (late.Outcome, late.EndedAt, late.EndSequence, late.Legs));
        Assert.True(late.Seen.Contains(13));
    }

    [Fact]
    public void RecordingStoppedAfterTheEnd_MakesTheSameRowInAnyOrder()
    {
        // Of a recording that a dead worker left and the next one has put in order.
        CallEvent[] events = [.. CallEvents.Answered, CallEvents.Event(13, CallEventType.RecordingStopped) with { Recording = new RecordingSummary("rec-1") }];
        var inOrder = Fold(events)!;
        Assert.Equal((CallState.Ended, 12, true), (inOrder.State, inOrder.EndSequence, inOrder.Seen.HasNoGap));
        Assert.Equal(CallEvents.Start.AddSeconds(12), inOrder.EndedAt);
        Prop.ForAll(Gen.Shuffle(events.Concat(events).ToArray()).ToArbitrary(), told => Fold(told)!.Equals(inOrder))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void WhoTookAPlaceByTransfer_HasNotAnsweredTheCall()
    {
        // Names that would come first, if it were for their order.
        var user = new LegSummary("u3", LegRole.User, "102-desk", Replaces: "u2");
        var far = new LegSummary("d2", LegRole.Destination, Trunk: "another", Replaces: "d1");
        var end = CallEvents.Answered[^1];
        CallEvent[] events =
        [
            .. CallEvents.Answered.Take(10),
            CallEvents.Event(11, CallEventType.LegAnswered, user),
            CallEvents.Event(12, CallEventType.LegAnswered, far),
            CallEvents.Event(13, CallEventType.CallTransferred, user),
            CallEvents.Event(14, CallEventType.CallEnded) with
            {
                ConnectedAt = end.ConnectedAt,
                Outcome = end.Outcome,
                Legs = [user with { AnsweredAt = CallEvents.Start.AddSeconds(11) }, far with { AnsweredAt = CallEvents.Start.AddSeconds(12) }, .. end.Legs!],
            },
        ];
        var open = Fold(events.Take(13))!;
        Assert.Equal(("103-mobile", "carrier"), (open.AnsweredDevice, open.Trunk));
        var ended = Fold(events)!;
        Assert.Equal(("103-mobile", "carrier"), (ended.AnsweredDevice, ended.Trunk));
        Assert.Contains("102-desk", ended.DevicesRung);
    }

    [Fact]
    public void MissingStep_ShowsAsAGap() => Assert.False(Fold(CallEvents.Answered.Where(e => e.Sequence != 5))!.Seen.HasNoGap);

    private static CallRecord? Fold(IEnumerable<CallEvent> events) =>
        events.Aggregate((CallRecord?)null, (row, e) => CallReducer.Apply(row, e, Received).Row);
}
