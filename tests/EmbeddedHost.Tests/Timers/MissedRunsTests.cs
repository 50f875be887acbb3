using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Timers;

namespace ClickToDial.EmbeddedHost.Tests.Timers;

public sealed class MissedRunsTests
{
    private static readonly DateTime Noon = new(2026, 3, 5, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Schedule Hourly = Schedule.Parse("0 0 * * * *", out _)!;
    private static readonly Schedule Daily = Schedule.Parse("0 0 6 * * *", out _)!;

    [Fact]
    public void NothingStored_MissesNothingAndIsWrittenDown()
    {
        var check = MissedRuns.Check(stored: null, Hourly, Noon.AddMinutes(5));
        Assert.True(check.Changed);
        Assert.False(check.IsPastDue);
        Assert.Equal(Noon.AddHours(1), check.Status.Next);
        Assert.Equal(default, check.Status.Last);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, false)]
    [InlineData(61, true)]
    [InlineData(600, true)]
    public void StoredNextRun_IsPastDueOnceItIsOver(int minutes, bool pastDue)
    {
        var stored = new ScheduleStatus { Last = Noon, Next = Noon.AddHours(1), LastUpdated = Noon };
        var check = MissedRuns.Check(stored, Hourly, Noon.AddMinutes(minutes));
        Assert.Equal(pastDue, check.IsPastDue);
        Assert.False(check.Changed);
        Assert.Equal(Noon.AddHours(1), check.Status.Next);
    }

    [Fact]
    public void NeverRunButStored_CountsFromWhenItWasWritten()
    {
        var stored = new ScheduleStatus { Next = Noon.AddHours(1), LastUpdated = Noon.AddMinutes(5) };
        Assert.True(MissedRuns.Check(stored, Hourly, Noon.AddHours(2)).IsPastDue);
    }

    [Fact]
    public void ChangedSchedule_DoesNotCountWhatTheNewOneWouldHaveMissed()
    {
        var stored = new ScheduleStatus { Last = Noon, Next = Noon.AddHours(1), LastUpdated = Noon };
        var check = MissedRuns.Check(stored, Daily, Noon.AddDays(3));
        Assert.True(check.Changed);
        Assert.False(check.IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 9, 6, 0, 0, DateTimeKind.Utc), check.Status.Next);
        Assert.Equal(default, check.Status.Last);
    }

    [Fact]
    public void ChangedScheduleWhoseNextRunIsStillAhead_KeepsIt()
    {
        var stored = new ScheduleStatus { Last = Noon, Next = Noon.AddHours(1), LastUpdated = Noon };
        var check = MissedRuns.Check(stored, Daily, Noon.AddHours(2));
        Assert.Equal(new DateTime(2026, 3, 6, 6, 0, 0, DateTimeKind.Utc), check.Status.Next);
        Assert.False(check.IsPastDue);
    }
}
