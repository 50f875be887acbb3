using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Tests.Deliveries;

public sealed class DeliveryRunnerTests(AppRig app)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CrashAtAnyPoint_LosesNothingAndKeepsTheOrder(bool isForgetful)
    {
        var domain = app.NewDomain();
        var crashed = true;
        for (var at = 1; crashed; at++)
        {
            Assert.True(at < 200, "There is no end of points to crash at.");
            // The first step fails once, so that there is a retry as well.
            var bench = new DeliveryBench(domain) { CrashAt = at, IsForgetful = isForgetful, Answers = (id, before) => id.EndsWith(".1", StringComparison.Ordinal) && before == 0 ? 500 : 204 };
            await bench.SubscribeAsync();
            await bench.HandOnAsync($"call-{at}", steps: 2);
            await bench.RunAsync();

            crashed = bench.HasCrashed;
            Assert.Equal([$"call-{at}.1", $"call-{at}.2"], bench.Got.Select(g => g.Id).Distinct());
            Assert.InRange(bench.Got.Count, 3, 4);
            Assert.All(await bench.ListAsync(), d => Assert.Equal(DeliveryStatus.Delivered, d.Status));
            Assert.Equal(2, (await bench.ListAsync()).Count);
            await bench.ForgetAsync();
        }
    }

    [Fact]
    public async Task StepThatFails_HoldsBackItsOwnCallOnly()
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (id, before) => id == "held.1" && before == 0 ? 400 : 204 };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("held", 2);
        await bench.HandOnAsync("free", 2);

        await bench.RunAsync();

        Assert.Equal(["held.1", "free.1", "free.2", "held.1", "held.2"], bench.Got.Select(g => g.Id));
    }

    [Fact]
    public async Task SubscriberThatRefuses_IsAskedTenTimesAsTheTableSaysAndTheNextStepGoesAfterwards()
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (id, _) => id == "c.1" ? 400 : 204 };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 2);

        await bench.RunAsync();

        var first = bench.Got.Where(g => g.Id == "c.1").ToList();
        Assert.Equal(RetryPlan.MaxAttempts, first.Count);
        for (var i = 1; i < first.Count; i++)
            Assert.InRange(first[i].At - first[i - 1].At, RetryPlan.After(i, null, 0)!.Value, RetryPlan.After(i, null, 1)!.Value);
        Assert.Equal("c.2", bench.Got[^1].Id);
        var dead = Assert.Single(await bench.ListAsync(DeliveryStatus.Dead));
        Assert.Equal((DeliveryReasons.Exhausted, 10), (dead.Reason, dead.Attempts));
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor()
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (_, before) => before == 0 ? 429 : 204, RetryAfter = TimeSpan.FromMinutes(20) };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 1);

        await bench.RunAsync();

        Assert.Equal(TimeSpan.FromMinutes(20), bench.Got[1].At - bench.Got[0].At);
    }

    [Fact]
    public async Task SubscriberInTrouble_IsPausedAndOneProbeBringsItBack()
    {
        const int calls = 12;
        var isBack = false;
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (_, _) => isBack ? 204 : null };
        await bench.SubscribeAsync();
        for (var i = 0; i < calls; i++) await bench.HandOnAsync($"c{i}", 1);
        bench.Answers = (_, _) =>
        {
            // Back for the first one that comes after the pause began.
            isBack |= bench.Got.Count > Breaker.Threshold;
            return isBack ? 204 : null;
        };

        await bench.RunAsync();

        // Five in a row, then silence for the pause, although seven more had messages at once.
        Assert.Equal(Breaker.Threshold, bench.Got.Count(g => g.At == bench.Got[0].At));
        Assert.InRange(bench.Got[Breaker.Threshold].At - bench.Got[0].At, Breaker.FirstPause, Breaker.FirstPause + TimeSpan.FromSeconds(5));
        Assert.Equal(calls, (await bench.ListAsync(DeliveryStatus.Delivered)).Count);
        Assert.Equal(Breaker.Closed, (await bench.Store.BreakerAsync(bench.Subscription.Domain, bench.Subscription.Id, CancellationToken.None)).Breaker);
    }

    [Fact]
    public async Task SubscriberThatNeverComesBack_IsGivenUpInTheEnd()
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (_, _) => null };
        await bench.SubscribeAsync();
        for (var i = 0; i < 6; i++) await bench.HandOnAsync($"c{i}", 1);

        await bench.RunAsync(atMost: 20_000);

        var dead = await bench.ListAsync(DeliveryStatus.Dead);
        Assert.Equal(6, dead.Count);
        Assert.All(dead, d => Assert.Contains(d.Reason, new[] { DeliveryReasons.Exhausted, DeliveryReasons.Expired }));
    }

    [Fact]
    public async Task Gone_EndsEverythingThatWaits()
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (_, _) => 410 };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 3);

        await bench.RunAsync();

        Assert.Single(bench.Got);
        Assert.Equal([DeliveryReasons.Disabled, DeliveryReasons.Disabled, DeliveryReasons.Gone], (await bench.ListAsync(DeliveryStatus.Dead)).Select(d => d.Reason).OrderDescending());
    }
}
