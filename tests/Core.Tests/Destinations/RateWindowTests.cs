using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Tests.Destinations;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Limit_HoldsForTheSlidingMinute()
    {
        var window = RateWindow.Empty.Count("a", Start, 2)!.Count("b", Start.AddSeconds(30), 2)!;

        Assert.Null(window.Count("c", Start.AddSeconds(59), 2));
        Assert.Equal(TimeSpan.FromSeconds(1), window.WaitFrom(Start.AddSeconds(59)));
        Assert.Equal(["b", "c"], window.Count("c", Start.AddSeconds(60), 2)!.Entries.Select(e => e.Mark));
    }

    [Fact]
    public void RepeatedRequest_CountsOnce()
    {
        var window = RateWindow.Empty.Count("a", Start, 1)!;
        Assert.Same(window, window.Count("a", Start.AddSeconds(1), 1));
    }
}
