using ClickToDial.Calls.Bridging;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class EndedCallsTests
{
    [Fact]
    public void Oldest_make_room_by_number()
    {
        var ended = new EndedCalls(capacity: 2, mostBytes: long.MaxValue);
        foreach (var id in new[] { "a", "b", "c" }) ended.Add(Call(id, legs: 2));
        Assert.Null(ended.Find(CallId.Parse("a")));
        Assert.NotNull(ended.Find(CallId.Parse("c")));
        Assert.Equal(2, ended.Count);
    }

    [Fact]
    public void Large_ones_make_more_room_than_small_ones_and_the_last_is_always_kept()
    {
        var ended = new EndedCalls(capacity: 100, mostBytes: 30_000);
        for (var i = 0; i < 10; i++) ended.Add(Call($"small{i}", legs: 2));
        Assert.Equal(10, ended.Count);
        ended.Add(Call("large", legs: 40));
        Assert.Equal(1, ended.Count);
        Assert.NotNull(ended.Find(CallId.Parse("large")));
    }

    private static EndedCall Call(string id, int legs) => new(new CallSnapshot(
        CallId.Parse(id), CallState.Ended, new CallParties("demo.test", CallDirection.Outbound, "101", "102", DateTimeOffset.UnixEpoch), Legs: [.. Enumerable.Range(1, legs).Select(leg => new LegSummary($"leg-{leg}", LegRole.User))]));
}
