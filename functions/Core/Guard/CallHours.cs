using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClickToDial.Core.Guard;

/// <summary>A time of the week in which calls may begin, in the domain's time zone.</summary>
/// <param name="To">Exclusive; not after <paramref name="From"/> for a time that ends on the next day.</param>
public sealed record CallHours(DayOfWeek First, DayOfWeek Last, TimeOnly From, TimeOnly To)
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary><c>mon-fri 08:00-18:00</c>, <c>sat 22:00-02:00</c>; 24:00 is the end of the day.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CallHours? hours)
    {
        hours = null;
        if (text?.Split(' ') is not [var days, var times]) return false;
        if (days.Split('-') is not [var first, ..] range || range.Length > 2 || times.Split('-') is not [var from, var to]) return false;
        if (!TryDay(first, out var firstDay) || !TryDay(range[^1], out var lastDay)) return false;
        if (!TryTime(from, out var begin) || !TryTime(to == "24:00" ? "00:00" : to, out var end)) return false;
        hours = new CallHours(firstDay, lastDay, begin, end);
        return true;
    }

    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (To > From) return HasDay(local.DayOfWeek) && time >= From && time < To;
        // Over midnight: the rest of a day, or the beginning of the next.
        return (HasDay(local.DayOfWeek) && time >= From) || (HasDay(local.AddDays(-1).DayOfWeek) && time < To);
    }

    private bool HasDay(DayOfWeek day) => (day - First + 7) % 7 <= (Last - First + 7) % 7;

    private static bool TryDay(string text, out DayOfWeek day)
    {
        var index = Array.IndexOf(Days, text);
        day = (DayOfWeek)Math.Max(index, 0);
        return index >= 0;
    }

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
