using ClickToDial.Core.PbxApi;

namespace ClickToDial.Core.Tests.PbxApi;

public sealed class LocalDaysTests
{
    [Theory]
    [InlineData("UTC", 2026, 3, 1, "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")]
    [InlineData("Australia/Sydney", 2026, 1, 15, "2026-01-14T13:00:00Z", "2026-01-15T13:00:00Z")]
    // Clocks are put back on this day: it has 25 hours.
    [InlineData("Australia/Sydney", 2026, 4, 5, "2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z")]
    [InlineData("America/New_York", 2026, 3, 8, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")]
    // Clocks are put forward at midnight: the day begins at one.
    [InlineData("America/Santiago", 2026, 9, 6, "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z")]
    public void Day_BeginsAndEndsWhereTheZoneSays(string zone, int year, int month, int day, string begin, string end)
    {
        Assert.True(LocalDays.TryFind(zone, out var found));

        Assert.Equal(DateTimeOffset.Parse(begin), LocalDays.Begin(new DateOnly(year, month, day), found));
        Assert.Equal(DateTimeOffset.Parse(end), LocalDays.End(new DateOnly(year, month, day), found));
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void FirstAndLastDay_AreNoFault(string text)
    {
        Assert.True(LocalDays.TryRead(text, out var day));
        Assert.True(LocalDays.TryFind("Australia/Sydney", out var east));
        Assert.True(LocalDays.TryFind("America/New_York", out var west));

        Assert.All([east, west], zone => Assert.True(LocalDays.Begin(day, zone) < LocalDays.End(day, zone)));
    }

    [Theory]
    [InlineData("2026-1-1")]
    [InlineData("2026-02-30")]
    [InlineData("01-01-2026")]
    [InlineData("")]
    public void AnythingElse_IsNoDay(string text) => Assert.False(LocalDays.TryRead(text, out _));

    [Theory]
    [InlineData("Atlantis/Capital")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("../../etc/passwd")]
    public void UnknownZone_IsNone(string? name) => Assert.False(LocalDays.TryFind(name, out _));
}
