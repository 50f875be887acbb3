using System.Globalization;
using ClickToDial.EmbeddedHost.Timers;

namespace ClickToDial.EmbeddedHost.Tests.Timers;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-03-05 10:20:30", "2026-03-05 10:21:00")]
    [InlineData("0 * * * * *", "2026-03-05 10:20:00", "2026-03-05 10:21:00")]
    [InlineData("*/15 * * * * *", "2026-03-05 10:20:59.9", "2026-03-05 10:21:00")]
    [InlineData("0 */5 * * * *", "2026-12-31 23:56:00", "2027-01-01 00:00:00")]
    [InlineData("*/5 * * * *", "2026-03-05 10:20:30", "2026-03-05 10:25:00")]
    [InlineData("30 5 9-17 * * 1-5", "2026-03-06 17:05:30", "2026-03-09 09:05:30")]
    [InlineData("0 0 9 * * MON", "2026-03-05 00:00:00", "2026-03-09 09:00:00")]
    [InlineData("0 0 0 1 jan,Jul *", "2026-03-05 00:00:00", "2026-07-01 00:00:00")]
    [InlineData("0 0 0 31 * *", "2026-04-01 00:00:00", "2026-05-31 00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-03-05 00:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 0 29 2 1", "2028-03-01 00:00:00", "2044-02-29 00:00:00")]
    // Both must match: the thirteenth only when it is a Friday.
    [InlineData("0 0 0 13 * FRI", "2026-03-14 00:00:00", "2026-11-13 00:00:00")]
    // A single value with a step runs to the end of its field.
    [InlineData("0 50/5 * * * *", "2026-03-05 10:50:00", "2026-03-05 10:55:00")]
    [InlineData("0 50/5 * * * *", "2026-03-05 10:55:00", "2026-03-05 11:50:00")]
    [InlineData("  0   0\t0 1 1 * ", "2026-03-05 10:55:00", "2027-01-01 00:00:00")]
    public void Next_IsTheFirstMatchAfter(string text, string after, string next)
    {
        var schedule = Schedule.Parse(text, out var error);
        Assert.Null(error);
        var result = schedule!.Next(Utc(after));
        Assert.Equal(Utc(next), result);
        Assert.Equal(DateTimeKind.Utc, result.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* 60 * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * 32 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("-1 * * * * *")]
    [InlineData("1- * * * * *")]
    [InlineData("5-1 * * * * *")]
    [InlineData("*/0 * * * * *")]
    [InlineData("*/ * * * * *")]
    [InlineData(", * * * * *")]
    [InlineData("1,,2 * * * * *")]
    [InlineData("**  * * * * *")]
    [InlineData("1/2/3 * * * * *")]
    [InlineData("MON * * * * *")]
    [InlineData("99999999999999 * * * * *")]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("0 0 0 31 4,6,9,11 *")]
    [InlineData("00:00:00")]
    [InlineData("-00:01:00")]
    [InlineData("9999.00:00:00")]
    [InlineData("a:b")]
    public void WhatIsNoSchedule_IsRefusedWithAReason(string text)
    {
        Assert.Null(Schedule.Parse(text, out var error));
        Assert.NotNull(error);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TimeSpan_CountsFromTheLastRun()
    {
        var schedule = Schedule.Parse("00:01:30", out _)!;
        Assert.Equal(Utc("2026-03-05 10:01:31"), schedule.Next(Utc("2026-03-05 10:00:01")));
    }

    [Theory]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("*/30 0 * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void SchedulesBelowAMinute_AreKnown(string text, bool within) =>
        Assert.Equal(within, Schedule.Parse(text, out _)!.FiresWithinAMinute);

    [Fact]
    public void Next_AgreesWithSteppingSecondBySecond()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 300; round++)
        {
            var fields = RandomFields(random);
            var text = string.Join(' ', fields.Select(f => f.Text));
            var schedule = Schedule.Parse(text, out var error);
            Assert.True(schedule is not null, $"{text}: {error}");
            var after = Utc("2024-01-01 00:00:00").AddSeconds(random.Next(0, 3 * 365 * 86400));
            var expected = Step(fields, after);
            if (expected is null) Assert.True(schedule.Next(after) > after.AddDays(1), $"{text} after {after:s}: {schedule.Next(after):s}");
            else Assert.Equal(expected.Value, schedule.Next(after));
        }
    }

    [Fact]
    public void RandomText_NeverThrows()
    {
        const string Alphabet = "0123456789*/,- :.MONJAN%";
        var random = new Random(7);
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 24)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            if (Schedule.Parse(text, out var error) is null) Assert.NotNull(error);
            else accepted++;
        }
        Assert.InRange(accepted, 1, 19_999);
    }

    /// <summary>Looks at most a day ahead, second by second, with nothing but the set of values of each field.</summary>
    private static DateTime? Step((string Text, HashSet<int> Values)[] fields, DateTime after)
    {
        var time = after;
        for (var i = 0; i < 86_400; i++)
        {
            time = time.AddSeconds(1);
            int[] parts = [time.Second, time.Minute, time.Hour, time.Day, time.Month, (int)time.DayOfWeek];
            if (fields.Zip(parts).All(p => p.First.Values.Contains(p.Second))) return time;
        }
        return null;
    }

    private static (string Text, HashSet<int> Values)[] RandomFields(Random random)
    {
        (int First, int Last)[] limits = [(0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        // Most dates stay open: a random one, such as 31 February, may never come.
        return [.. limits.Select((l, i) => i >= 3 && random.Next(4) > 0 ? ("*", All(l)) : RandomField(random, i == 3 ? (1, 28) : l))];
    }

    private static (string Text, HashSet<int> Values) RandomField(Random random, (int First, int Last) limit)
    {
        var from = random.Next(limit.First, limit.Last + 1);
        var to = random.Next(from, limit.Last + 1);
        var step = random.Next(1, 8);
        return random.Next(5) switch
        {
            0 => ($"{from}-{to}", Stepped(from, to, 1)),
            1 => ($"{from},{from}-{to}/{step}", Stepped(from, to, step)),
            2 => ($"{from}-{to}/{step}", Stepped(from, to, step)),
            3 => ($"{from}/{step}", Stepped(from, limit.Last, step)),
            _ => ($"{from},{to}", [from, to]),
        };
    }

    private static HashSet<int> All((int First, int Last) limit) => Stepped(limit.First, limit.Last, 1);

    private static HashSet<int> Stepped(int from, int to, int step) =>
        [.. Enumerable.Range(from, to - from + 1).Where(v => (v - from) % step == 0)];

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
