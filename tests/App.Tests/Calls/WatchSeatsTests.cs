using ClickToDial.App.Calls;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Tests.Calls;

public sealed class WatchSeatsTests
{
    private readonly WatchSeats _seats = new();

    [Fact(DisplayName = "D2: a place is free again when its watch is over, once")]
    public void Place_IsFreeAgain()
    {
        var first = Take("user:101");
        Assert.All(Enumerable.Range(1, WatchSeats.MaxOfOne - 1), _ => Assert.NotNull(Take("user:101")));
        Assert.Null(Take("user:101"));
        Assert.NotNull(Take("user:102"));

        first!.Dispose();
        first.Dispose();
        Assert.NotNull(Take("user:101"));
        Assert.Null(Take("user:101"));
    }

    private IDisposable? Take(string id) => _seats.TryTake(new Principal(id, "a.test", ApiScopes.CallsRead, null));
}
