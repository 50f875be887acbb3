using ClickToDial.Calls.RemoteControl;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.RemoteControl;

public sealed class FrameRateTests
{
    [Fact]
    public void A_burst_is_taken_and_then_so_many_a_second()
    {
        var time = new ManualTimeProvider();
        var rate = new FrameRate(burst: 4, perSecond: 2, time);

        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => rate.TryTake()));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => rate.TryTake()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => rate.TryTake()));
    }

    [Fact(DisplayName = "V6: what was lawfully sent while nothing was read is taken all at once, and not more")]
    public void Time_in_which_nothing_is_read_counts_in_full()
    {
        var time = new ManualTimeProvider();
        var rate = new FrameRate(burst: 4, perSecond: 2, time);

        Assert.True(rate.TryTake());
        time.Advance(TimeSpan.FromSeconds(5));
        rate.Unread();
        Assert.Equal(3 + 10, Enumerable.Range(0, 20).Count(_ => rate.TryTake()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => rate.TryTake()));
    }
}
