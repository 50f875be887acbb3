using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Tests.Events;

public sealed class EventLogTests
{
    private readonly EventLog<int> _log = new("numbers");

    [Fact]
    public async Task WhatIsThereAlready_IsFound()
    {
        _log.Append(1);
        _log.Append(2);

        Assert.Equal(2, await _log.WaitAsync(n => n > 1, "a number above 1"));
    }

    [Fact]
    public async Task WhatComesLater_IsWaitedFor()
    {
        var wait = _log.WaitAsync(n => n == 3, "three");
        Assert.False(wait.IsCompleted);
        _log.Append(2);
        _log.Append(3);

        Assert.Equal(3, await wait);
    }

    [Fact]
    public async Task EventsBeforeTheStart_AreNotLookedAt()
    {
        _log.Append(5);
        var wait = _log.WaitAsync(n => n == 5, "five", from: _log.Count);
        Assert.False(wait.IsCompleted);
        _log.Append(5);

        Assert.Equal(5, await wait);
    }

    [Fact]
    public async Task NothingInTime_FailsAndTellsWhatWasSeen()
    {
        _log.Append(41);
        var failure = await Assert.ThrowsAsync<TimeoutException>(
            () => _log.WaitAsync(n => n == 42, "the answer", TimeSpan.FromMilliseconds(1)));

        Assert.Contains("numbers: the answer", failure.Message, StringComparison.Ordinal);
        Assert.Contains("41", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClosedLog_FailsWaitsAtOnce()
    {
        var wait = _log.WaitAsync(n => n == 42, "the answer");
        _log.Close("it is over");

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => wait);
        Assert.Contains("it is over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutsideCondition_IsLookedAtAgainAfterEachEvent()
    {
        string? outside = null;
        var looks = 0;
        var wait = _log.WaitForAsync(
            () =>
            {
                looks++;
                return Task.FromResult(outside);
            },
            "the outside");
        Assert.Equal(1, looks);
        outside = "true";
        _log.Append(1);

        Assert.Equal("true", await wait);
        Assert.Equal(2, looks);
    }
}
