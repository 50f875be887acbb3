using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Linux;

public sealed class ShortTurnsTests
{
    [Fact]
    public void Thread_that_asks_has_short_turns_and_others_keep_theirs()
    {
        // Not this thread's: a relay that another test ran on it may have asked.
        var before = OnOwnThread(() => ShortTurns.Granted);
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
        Assert.Equal(before, OnOwnThread(() => ShortTurns.Granted));
        Assert.NotEqual(ShortTurns.Turn, before);
        Assert.Equal(before, inherited);
    }

    private static long OnOwnThread(Func<long> ask)
    {
        long answer = 0;
        var thread = new Thread(() => answer = ask());
        thread.Start();
        thread.Join();
        return answer;
    }
}
