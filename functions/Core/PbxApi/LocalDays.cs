using System.Globalization;

namespace ClickToDial.Core.PbxApi;

/// <summary>Days of a time zone as moments.</summary>
public static class LocalDays
{
    public const string Utc = "UTC";

    public static bool TryRead(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>When the day begins there. Where clocks are put forward at midnight, with the first moment that exists.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        // Of two midnights, where clocks are put back over it, the first.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return midnight.Ticks < offset.Ticks ? DateTimeOffset.MinValue : new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>When the day after begins: the end of a range that includes the day.</summary>
    public static DateTimeOffset End(DateOnly day, TimeZoneInfo zone) =>
        day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : Begin(day.AddDays(1), zone);

    /// <param name="name">Of the IANA database.</param>
    public static bool TryFind(string? name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        return name is { Length: > 0 and <= 64 } && (name == Utc || TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!));
    }
}
