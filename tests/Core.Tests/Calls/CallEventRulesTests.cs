using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallEventRulesTests
{
    private static readonly CallEvent Good = CallEvents.Answered[^1];

    [Fact]
    public void RealEvents_Pass() => Assert.All(CallEvents.Answered, e => Assert.Null(CallEventRules.Fault(e, CallEvents.Start.AddMinutes(1))));

    public static TheoryData<string, CallEvent> Bad => new()
    {
        { "event-without-call", Good with { CallId = default } },
        { "event-sequence-out-of-range", Good with { Sequence = 0 } },
        { "event-sequence-out-of-range", Good with { Sequence = SequenceSet.Largest + 1 } },
        { "terminal-event-without-outcome", Good with { Outcome = null } },
        { "event-with-too-many-legs", Good with { Legs = [.. Enumerable.Repeat(Good.Legs![0], 65)] } },
        { "event-domain-invalid", Good with { Call = Good.Call with { Domain = "a/b" } } },
        { "event-domain-invalid", Good with { Call = Good.Call with { Domain = "" } } },
        { "event-too-large", Good with { Legs = [.. Enumerable.Range(0, 64).Select(_ => Good.Legs![0] with { Device = new string('1', 250), Reason = new string('2', 250) })] } },
        { "event-time-out-of-range", Good with { Time = DateTimeOffset.MinValue } },
        { "event-time-out-of-range", Good with { Time = DateTimeOffset.MaxValue } },
        { "event-time-out-of-range", Good with { ConnectedAt = CallEvents.Start.AddDays(2) } },
        { "event-time-out-of-range", Good with { Call = Good.Call with { StartedAt = CallEvents.Start.AddDays(-91) } } },
        { "event-time-out-of-range", Good with { Legs = [Good.Legs![0] with { EndedAt = CallEvents.Start.AddYears(1) }] } },
        { "event-text-too-long", Good with { Call = Good.Call with { Destination = new string('1', 257) } } },
        { "event-text-too-long", Good with { Legs = [Good.Legs![0] with { Device = new string('1', 257) }] } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void BadEvent_SaysWhy(string fault, CallEvent e) => Assert.Equal(fault, CallEventRules.Fault(e, CallEvents.Start.AddMinutes(1)));

    [Fact]
    public void SweepsEnd_PassesFromTheSweepAlone()
    {
        var end = Good with { Sequence = CallClosing.Sequence };
        Assert.Null(CallEventRules.Fault(end, CallEvents.Start, ours: true));
        Assert.Equal("event-sequence-out-of-range", CallEventRules.Fault(end with { Type = CallEventType.CallStarted }, CallEvents.Start, ours: true));
    }
}
