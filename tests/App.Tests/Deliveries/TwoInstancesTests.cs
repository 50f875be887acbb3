using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>Two instances at one queue: neither goes by what it remembers of a delivery that the other one had since.</summary>
public sealed class TwoInstancesTests(AppRig app)
{
    private const int Mine = 0;
    private const int Theirs = 1;

    [Theory(DisplayName = "D3: the instance that added a delivery takes the retry of another one's attempt, and counts that attempt")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RetryOfTheOthersAttempt_GoesOnWhereItWas(int failures)
    {
        var bench = new DeliveryBench(app.NewDomain()) { Answers = (_, before) => before < failures ? 500 : 204 };
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 1, by: Mine);
        await bench.TakeAsync(by: Theirs);
        await bench.TakeAsync(by: Mine);

        await bench.RunAsync();

        Assert.Equal(failures + 1, bench.Got.Count);
        for (var i = 1; i < bench.Got.Count; i++)
            Assert.InRange(bench.Got[i].At - bench.Got[i - 1].At, RetryPlan.After(i, null, 0)!.Value, RetryPlan.After(i, null, 1)!.Value);
        var delivery = Assert.Single(await bench.ListAsync(DeliveryStatus.Delivered));
        Assert.Equal((failures + 1, failures + 1), (delivery.Attempts, delivery.History.Count));
    }

    [Theory]
    [InlineData(Mine, 0)]
    [InlineData(Theirs, 2)]
    public async Task FirstMessage_IsReadForByTheOtherOneOnly(int taker, int reads)
    {
        var bench = new DeliveryBench(app.NewDomain());
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 1, by: Mine);

        await bench.TakeAsync(taker);

        Assert.Equal(reads, bench.Reads);
        Assert.Single(await bench.ListAsync(DeliveryStatus.Delivered));
    }

    [Fact(DisplayName = "D3: a step that was handed on twice is not sent again after the next one")]
    public async Task StepHandedOnTwice_IsNotSentAfterTheNext()
    {
        var bench = new DeliveryBench(app.NewDomain());
        await bench.SubscribeAsync();
        await bench.HandOnAsync("c", 1, by: Mine);
        await bench.HandOnAsync("c", 1, by: Mine);
        await bench.TakeAsync(by: Theirs);
        await bench.HandOnAsync("c", 2, by: Theirs);
        // The second message of the first step is still there.
        await bench.TakeAsync(by: Theirs, place: 1);
        Assert.Equal(["c.1", "c.2"], bench.Got.Select(g => g.Id));

        await bench.TakeAsync(by: Mine);
        await bench.RunAsync();

        Assert.Equal(["c.1", "c.2"], bench.Got.Select(g => g.Id));
    }
}
