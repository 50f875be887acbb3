using ClickToDial.Calls.Control;
using ClickToDial.Calls.Edge;
using ClickToDial.Contracts.Calls;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>Orders to another worker, without one.</summary>
[Trait("row", "V6")]
public sealed class FellowOrdersTests
{
    private static readonly CallId Call = CallId.Parse("c1");

    private readonly EdgeOutbox _outbox = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FellowOrders _orders;

    public FellowOrdersTests() => _orders = new FellowOrders(_outbox, TimeSpan.FromSeconds(5), _time);

    [Fact(DisplayName = "V6: an order that nobody answers in time is told to be so, and is not sent any more when the link is back later")]
    public async Task Too_late()
    {
        var asked = _orders.AskAsync(Call, new CallOrder.Hold("user"));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(CallReasons.WorkerUnavailable, await asked);
        var second = _orders.AskAsync(Call, order: null);
        var sent = await SentAsync();
        Assert.Equal((2, Call, null), (sent.Number, sent.Call, sent.Order));
        _orders.Answer(new EdgeDone(1, "too-late-for-that"));
        _orders.Answer(new EdgeDone(2, null));
        Assert.Null(await second);
    }

    [Fact(DisplayName = "V6: when the other worker is gone, all that it was asked is answered at once")]
    public async Task Gone()
    {
        var asked = _orders.AskAsync(Call, new CallOrder.Mute("user", On: true));
        Assert.Equal(new CallOrder.Mute("user", On: true), (await SentAsync()).Order);
        _orders.Forget();
        Assert.Equal(CallReasons.WorkerUnavailable, await asked);
    }

    private async Task<EdgeOrder> SentAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        EdgeOrder? order = null;
        await _outbox.DrainAsync(
            (frame, _) =>
            {
                Assert.True(EdgeNews.TryRead(frame, out var news));
                order = news!.Order;
                stop.Cancel();
                return Task.CompletedTask;
            },
            stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return order!;
    }
}
