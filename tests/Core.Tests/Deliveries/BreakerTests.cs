using ClickToDial.Core.Deliveries;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class BreakerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FifthFailureInARow_Pauses()
    {
        var breaker = Breaker.Closed;
        for (var i = 0; i < 4; i++)
        {
            breaker = breaker.Failed(Now, wasProbe: false);
            Assert.Equal(BreakerAnswer.Send, breaker.Ask(Now));
        }

        breaker = breaker.Failed(Now, wasProbe: false);

        Assert.Equal(BreakerAnswer.Wait, breaker.Ask(Now + Breaker.FirstPause - TimeSpan.FromTicks(1)));
        Assert.Equal(BreakerAnswer.Probe, breaker.Ask(Now + Breaker.FirstPause));
    }

    [Fact]
    public void WhatWasSentBeforeThePause_DoesNotMakeItLonger()
    {
        var paused = Paused();
        Assert.Equal(paused, paused.Failed(Now.AddSeconds(5), wasProbe: false));
    }

    [Fact]
    public void WhileOneProbes_TheOthersWait()
    {
        var at = Now + Breaker.FirstPause;
        var probing = Paused().Probing(at);

        Assert.Equal(BreakerAnswer.Wait, probing.Ask(at));
        Assert.Equal(BreakerAnswer.Probe, probing.Ask(at + Breaker.ProbeTime));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 120)]
    [InlineData(4, 480)]
    [InlineData(5, 900)]
    [InlineData(2000, 900)]
    public void FailedProbe_PausesTwiceAsLongUpToALimit(int probes, int seconds)
    {
        var breaker = Paused();
        for (var i = 0; i < probes; i++) breaker = breaker.Probing(Now).Failed(Now, wasProbe: true);

        Assert.Equal(Now.AddSeconds(seconds), breaker.PausedUntil);
    }

    private static Breaker Paused()
    {
        var breaker = Breaker.Closed;
        for (var i = 0; i < Breaker.Threshold; i++) breaker = breaker.Failed(Now, wasProbe: false);
        return breaker;
    }
}
