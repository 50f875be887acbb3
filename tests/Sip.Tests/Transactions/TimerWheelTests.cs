using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Tests.Transactions;

public sealed class TimerWheelTests
{
    [Fact]
    public void A_timer_never_fires_early_and_fires_within_one_tick()
    {
        var wheel = new TimerWheel();
        var target = new Target();
        wheel.Arm(new WheelTimer(target, 'A'), TimeSpan.FromMilliseconds(500));

        wheel.Advance(50);
        Assert.Empty(target.Fired);
        wheel.Advance(51);

        Assert.Equal("A", string.Concat(target.Fired));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Timers_beyond_one_round_wait_for_their_own_round()
    {
        var wheel = new TimerWheel();
        var target = new Target();
        wheel.Arm(new WheelTimer(target, 'L'), TimeSpan.FromSeconds(32));
        for (var tick = 1; tick <= 3200; tick++) wheel.Advance(tick);
        Assert.Empty(target.Fired);

        wheel.Advance(3201);

        Assert.Single(target.Fired);
    }

    [Fact]
    public void A_long_pause_fires_everything_that_fell_due_in_it()
    {
        var wheel = new TimerWheel();
        var target = new Target();
        for (var i = 0; i < 100; i++) wheel.Arm(new WheelTimer(target, 'x'), TimeSpan.FromMilliseconds(i * 317));
        wheel.Arm(new WheelTimer(target, 'z'), TimeSpan.FromHours(1));

        wheel.Advance(100_000);

        Assert.Equal(100, target.Fired.Count);
        Assert.Equal(1, wheel.Count);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire_and_may_be_armed_again()
    {
        var wheel = new TimerWheel();
        var target = new Target();
        var timer = new WheelTimer(target, 'A');
        wheel.Arm(timer, TimeSpan.FromMilliseconds(10));
        wheel.Cancel(timer);
        wheel.Cancel(timer);
        wheel.Advance(10);
        Assert.Empty(target.Fired);

        wheel.Arm(timer, TimeSpan.FromMilliseconds(10));
        wheel.Arm(timer, TimeSpan.FromMilliseconds(50));
        wheel.Advance(13);
        Assert.Empty(target.Fired);
        wheel.Advance(16);

        Assert.Single(target.Fired);
    }

    [Fact]
    public void A_timer_may_arm_and_cancel_others_while_it_fires()
    {
        var wheel = new TimerWheel();
        var target = new Target();
        var victim = new WheelTimer(target, 'v');
        var again = new WheelTimer(target, 'a');
        target.OnFire = _ =>
        {
            wheel.Cancel(victim);
            if (target.Fired.Count < 3) wheel.Arm(again, TimeSpan.Zero);
        };
        wheel.Arm(again, TimeSpan.FromMilliseconds(10));
        wheel.Arm(victim, TimeSpan.FromMilliseconds(10));

        for (var tick = 1; tick < 10; tick++) wheel.Advance(tick);

        Assert.Equal("aaa", string.Concat(target.Fired));
    }

    private sealed class Target : ITimerTarget
    {
        public List<char> Fired { get; } = [];

        public Action<WheelTimer>? OnFire { get; set; }

        public void OnTimer(WheelTimer timer)
        {
            Fired.Add(timer.Name);
            OnFire?.Invoke(timer);
        }
    }
}
