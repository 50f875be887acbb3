using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Linux;

public sealed class ShortTurnsTests
{
    [Fact]
    public void Thread_that_asks_has_short_turns_and_others_keep_theirs()
    {
        var before = ShortTurns.Granted;
        if (before == 0) Assert.Skip("This kernel (before 6.12) does not tell of turns, or the tests run in real time.");
        long granted = 0, inherited = 0;
        var asker = new Thread(() =>
        {
            granted = ShortTurns.TryAsk() ? ShortTurns.Granted : -1;
            var child = new Thread(() => inherited = ShortTurns.Granted);
            child.Start();
            child.Join();
        });
        asker.Start();
        asker.Join();
        Assert.Equal(ShortTurns.Turn, granted);
        Assert.Equal(before, ShortTurns.Granted);
        Assert.NotEqual(ShortTurns.Turn, before);
        Assert.Equal(before, inherited);
    }
}
