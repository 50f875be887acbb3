using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void NewId_TellsItsTimeToTheMillisecond()
    {
        Assert.True(CallIds.TryReadTime(CallIds.New(Now, new SeededRandom()), out var time));
        Assert.Equal(Now, time);
    }

    [Fact]
    public void LaterIds_SortLater()
    {
        var random = new SeededRandom();
        var ids = Enumerable.Range(0, 500).Select(i => CallIds.New(Now.AddMilliseconds(i * 37), random).Value).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void SameMillisecond_StillMakesDifferentIds()
    {
        var random = new SeededRandom();
        Assert.NotEqual(CallIds.New(Now, random), CallIds.New(Now, random));
    }

    [Theory]
    [InlineData("call-1")]
    [InlineData("80000000000000000000000000")]
    [InlineData("7zzzzzzzzz0000000000000000")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("0000000000-000000000000000")]
    public void OtherIds_HaveNoTime(string id) => Assert.False(CallIds.TryReadTime(CallId.Parse(id), out _));
}
