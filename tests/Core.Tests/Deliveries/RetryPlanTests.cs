using ClickToDial.Core.Deliveries;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class RetryPlanTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 14 * 3600)]
    [InlineData(8, 20 * 3600)]
    [InlineData(9, 24 * 3600)]
    public void Wait_IsTheTablesAndUpToATenthMore(int attempts, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPlan.After(attempts, null, 0));
        Assert.Equal(seconds * 1.05, RetryPlan.After(attempts, null, 0.5)!.Value.TotalSeconds, 0.001);
        Assert.Equal(seconds * 1.1, RetryPlan.After(attempts, null, 1)!.Value.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(1000)]
    public void AfterTheLast_ThereIsNone(int attempts) => Assert.Null(RetryPlan.After(attempts, TimeSpan.FromSeconds(1), 0));

    [Fact]
    public void Attempts_AreTheFirstAndNineMore() => Assert.Equal(10, RetryPlan.MaxAttempts);

    [Fact]
    public void BeforeAnAttempt_ThereIsNothingToRepeat() => Assert.Throws<ArgumentOutOfRangeException>(() => RetryPlan.After(0, null, 0));

    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(1, 60, 60)]
    [InlineData(2, 60, 300)]
    [InlineData(3, 7200, 7200)]
    [InlineData(1, 86400, 86400)]
    [InlineData(1, 86401, 86400)]
    [InlineData(1, int.MaxValue, 86400)]
    [InlineData(1, -5, 5)]
    public void RetryAfter_MakesItLaterNeverSoonerAndNotByMoreThanADay(int attempts, int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPlan.After(attempts, TimeSpan.FromSeconds(asked), 0));

    [Fact]
    public void EveryWait_FitsWhatAQueueCanHide()
    {
        for (var i = 1; i < RetryPlan.MaxAttempts; i++) Assert.InRange(RetryPlan.After(i, TimeSpan.MaxValue, 1)!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
    }
}
