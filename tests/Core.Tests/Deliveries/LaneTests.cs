using ClickToDial.Core.Deliveries;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class LaneTests
{
    [Fact]
    public void PlacesDecide_WhoIsFirst()
    {
        var lane = Lane.Empty.With(At("000002")).With(At("000010")).With(At("000001"));

        Assert.Equal("id-000001", lane.Head);
        Assert.Equal("id-000002", lane.Without(At("000001")).Head);
        Assert.Equal(["000001|id-000001", "000002|id-000002", "000010|id-000010"], new Lane(lane.Entries).Entries);
    }

    [Fact]
    public void WhoComesTwice_IsThereOnce_AndWhoGoesTwiceIsGone()
    {
        var lane = Lane.Empty.With(At("000001")).With(At("000001"));

        Assert.Single(lane.Entries);
        Assert.Null(lane.Without(At("000001")).Without(At("000001")).Head);
    }

    [Fact]
    public void LaneEndsSomewhere()
    {
        var lane = new Lane([.. Enumerable.Range(1, Lane.MostWaiting - 1).Select(i => $"{i:D6}|id")]);

        Assert.False(lane.IsFull);
        Assert.True(lane.With(At("000000")).IsFull);
    }

    private static Delivery At(string place) => new()
    {
        Domain = "d1.test",
        Subscription = "wh1",
        Id = $"id-{place}",
        EventId = "e",
        Trigger = "t",
        Lane = "l",
        Place = place,
        CreatedAt = default,
        Body = [],
    };
}
