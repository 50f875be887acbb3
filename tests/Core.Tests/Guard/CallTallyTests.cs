using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Tests.Guard;

/// <summary>Row B1: how often one may call.</summary>
public sealed class CallTallyTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void MinuteLimit_HoldsForTheSlidingMinute()
    {
        var limits = new CallLimits(Minute: 2);
        var tally = CallTally.Empty.Count("a", Start, limits).Tally.Count("b", Start.AddSeconds(30), limits).Tally;

        var refused = tally.Count("c", Start.AddSeconds(59), limits);
        Assert.Equal((TallyCap.Minute, TimeSpan.FromSeconds(1)), (refused.Cap, refused.Wait));
        var counted = tally.Count("c", Start.AddSeconds(60), limits);
        Assert.Equal((TallyCap.None, 2), (counted.Cap, counted.Tally.Recent.Length));
    }

    [Fact]
    public void RepeatedRequest_CountsOnce()
    {
        var tally = CallTally.Empty.Count("a", Start, new CallLimits(1)).Tally;

        var again = tally.Count("a", Start.AddSeconds(1), new CallLimits(1));

        Assert.Equal(TallyCap.None, again.Cap);
        Assert.Same(tally, again.Tally);
    }

    [Theory]
    [InlineData(TallyCap.Hour, 3, 3600)]
    [InlineData(TallyCap.Day, 3, 86400)]
    public void HourAndDay_AreCountedApartFromTheMinute(TallyCap cap, int limit, int span)
    {
        var limits = cap == TallyCap.Hour ? new CallLimits(Hour: limit) : new CallLimits(Day: limit);
        var tally = CallTally.Empty;
        for (var i = 0; i < limit; i++) tally = tally.Count($"m{i}", Start.AddSeconds(i * span / 10.0), limits).Tally;

        var refused = tally.Count("late", Start.AddSeconds(span / 2.0), limits);
        Assert.Equal(cap, refused.Cap);
        Assert.Equal(TimeSpan.FromSeconds(span / 2.0), refused.Wait);
        Assert.Equal(TallyCap.None, refused.Tally.Count("later", Start.AddSeconds(span), limits).Cap);
    }

    [Fact]
    public void CallsUnderWay_CountUntilTheyAreKnownToHaveEnded()
    {
        var limits = new CallLimits(AtOnce: 2);
        var tally = CallTally.Empty.Count("a", Start, limits).Tally.Count("b", Start.AddHours(1), limits).Tally;

        Assert.Equal(TallyCap.AtOnce, tally.Count("c", Start.AddHours(2), limits).Cap);
        Assert.Equal(TallyCap.None, tally.Without(new HashSet<string> { "a" }).Count("c", Start.AddHours(2), limits).Cap);
        Assert.Equal(TallyCap.None, tally.Count("c", Start.AddDays(1), limits).Cap);
    }

    [Fact]
    public void Operator_IsToldOfACapOnceInItsSpan()
    {
        var limits = new CallLimits(Minute: 1);
        var first = CallTally.Empty.Count("a", Start, limits).Tally.Count("b", Start.AddSeconds(1), limits);
        var second = first.Tally.Count("c", Start.AddSeconds(2), limits);
        var next = second.Tally.Count("d", Start.AddSeconds(60), limits).Tally.Count("e", Start.AddSeconds(62), limits);

        Assert.Equal([true, false, true], new[] { first.IsNews, second.IsNews, next.IsNews });
    }

    [Fact]
    public void Tally_StaysSmallHoweverManyCallsAreCounted()
    {
        var limits = CallLimits.None;
        var tally = CallTally.Empty;
        for (var i = 0; i < 5000; i++) tally = tally.Count($"m{i}", Start.AddSeconds(i * 0.1), limits).Tally;
        for (var i = 0; i < 5000; i++) tally = tally.Count($"n{i}", Start.AddMinutes(10 + i), limits).Tally;

        Assert.InRange(tally.Recent.Length, 1, CallLimits.MostInAMinute);
        Assert.InRange(tally.Minutes.Length, 1, 60);
        Assert.InRange(tally.Hours.Length, 1, 24);
    }
}
