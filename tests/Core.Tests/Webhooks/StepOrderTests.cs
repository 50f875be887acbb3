using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Tests.Webhooks;

public sealed class StepOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Steps_GoInOrderAndWaitForTheMissingOne()
    {
        var row = Row("1-2,4");

        var after = StepOrder.Advance(row, Now);
        Assert.Equal((2, (DateTimeOffset?)Now), (after.HandedOn, after.GapSince));
        Assert.Equal([false, true, true, false], new[] { 0, 1, 2, 4 }.Select(i => StepOrder.IsDue(i, row, after)));
        Assert.Equal(Now, StepOrder.Advance(after, Now.AddSeconds(9)).GapSince);

        var filled = StepOrder.Advance(after with { Seen = SequenceSet.Parse("1-4") }, Now.AddSeconds(9));
        Assert.Equal((4, (DateTimeOffset?)null), (filled.HandedOn, filled.GapSince));
    }

    [Fact]
    public void MissingStep_IsNotWaitedForForEverAndNotHandedOnLate()
    {
        var skipped = StepOrder.Skip(StepOrder.Advance(Row("1,3"), Now), Now.AddSeconds(30));
        Assert.Equal((3, (DateTimeOffset?)null), (skipped.HandedOn, skipped.GapSince));

        var late = skipped with { Seen = SequenceSet.Parse("1-3") };
        Assert.False(StepOrder.IsDue(2, late, StepOrder.Advance(late, Now)));
    }

    [Fact]
    public void NothingFollowsTheTerminalStep() =>
        Assert.Equal(StepOrder.Over, StepOrder.Advance(Row("1-3") with { EndSequence = 3 }, Now).HandedOn);

    private static CallRecord Row(string seen) => new()
    {
        CallId = CallId.Parse("c1"),
        Domain = "d.test",
        Direction = CallDirection.Inbound,
        User = "101",
        Destination = "102",
        Seen = SequenceSet.Parse(seen),
    };
}
