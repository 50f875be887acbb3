using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Tests.Guard;

/// <summary>Row B1: when one may call. 2026-05-01 is a Friday.</summary>
public sealed class CallHoursTests
{
    [Theory]
    [InlineData("mon-fri 08:00-18:00", "2026-05-01T08:00", true)]
    [InlineData("mon-fri 08:00-18:00", "2026-05-01T07:59", false)]
    [InlineData("mon-fri 08:00-18:00", "2026-05-01T18:00", false)]
    [InlineData("mon-fri 08:00-18:00", "2026-05-02T12:00", false)]
    [InlineData("sat-mon 00:00-24:00", "2026-05-03T23:59", true)]
    [InlineData("sat-mon 00:00-24:00", "2026-05-05T00:00", false)]
    [InlineData("fri 22:00-02:00", "2026-05-02T01:59", true)]
    [InlineData("fri 22:00-02:00", "2026-05-01T01:59", false)]
    [InlineData("fri 22:00-02:00", "2026-05-01T22:00", true)]
    [InlineData("fri 22:00-02:00", "2026-05-02T22:00", false)]
    public void Hours_HoldDaysAndTimes(string text, string local, bool within)
    {
        Assert.True(CallHours.TryParse(text, out var hours));
        Assert.Equal(within, hours.Contains(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mon")]
    [InlineData("mon 08:00")]
    [InlineData("mon-tue-wed 08:00-18:00")]
    [InlineData("Mon 08:00-18:00")]
    [InlineData("mon 8:00-18:00")]
    [InlineData("mon 08:00-25:00")]
    [InlineData("mon  08:00-18:00")]
    public void WhatIsNoHours_IsRefused(string? text) => Assert.False(CallHours.TryParse(text, out _));
}
