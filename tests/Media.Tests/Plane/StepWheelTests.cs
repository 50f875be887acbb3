using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Plane;

public sealed class StepWheelTests
{
    private const long Millisecond = 1_000_000;
    private readonly StepWheel _wheel = new();
    private long _now = 5_000 * Millisecond;

    [Fact]
    public void Legs_that_start_together_are_spread_evenly_over_the_step()
    {
        for (var i = 0; i < 400; i++) _wheel.Add(Playing(), _now);
        for (var i = 0; i < 100; i++) Assert.Equal(20, After(Millisecond).Count);
    }

    [Fact]
    public void Leg_comes_first_within_a_step_and_then_every_step()
    {
        var leg = Playing();
        _wheel.Add(leg, _now);
        for (var i = 1; i <= 5; i++)
        {
            Assert.InRange(_wheel.NextDue(), _now + Millisecond, _now + StepWheel.StepLength);
            _now = _wheel.NextDue();
            Assert.Same(leg, Assert.Single(After(0)));
        }
    }

    [Fact]
    public void Who_falls_silent_leaves_and_may_come_again()
    {
        var (one, other) = (Playing(), Playing());
        _wheel.Add(one, _now);
        _wheel.Add(other, _now);
        one.Playing = null;
        Assert.Equal(2, After(StepWheel.StepLength).Count); // it is asked once more
        Assert.False(one.Scheduled);
        Assert.Same(other, Assert.Single(After(StepWheel.StepLength)));
        one.Playing = Prompts.Busy;
        _wheel.Add(one, _now);
        Assert.Equal(2, After(StepWheel.StepLength).Count);
    }

    [Fact]
    public void Removed_leg_has_no_more_turns_and_an_empty_wheel_is_never_due()
    {
        var leg = Playing();
        _wheel.Add(leg, _now);
        _wheel.Remove(leg);
        Assert.False(leg.Scheduled);
        Assert.Equal(long.MaxValue, _wheel.NextDue());
        Assert.Empty(After(StepWheel.StepLength));
    }

    [Fact]
    public void After_a_long_stall_each_leg_has_one_turn()
    {
        for (var i = 0; i < 50; i++) _wheel.Add(Playing(), _now);
        After(StepWheel.StepLength);
        Assert.Equal(50, After(3_000 * Millisecond).Distinct().Count());
        Assert.Equal(50, After(StepWheel.StepLength).Count);
    }

    private static LegState Playing() => new(null!, 0, 0, 0, new OutgoingRtp(1, 2, 3)) { Playing = Prompts.Milliwatt };

    private List<LegState> After(long nanoseconds)
    {
        _now += nanoseconds;
        var steps = new List<LegState>();
        _wheel.Turn(_now, steps.Add);
        return steps;
    }
}
