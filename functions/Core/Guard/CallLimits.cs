namespace ClickToDial.Core.Guard;

/// <summary>How many calls may begin in any minute, hour and day; null for no limit.</summary>
/// <param name="AtOnce">How many may be under way at once.</param>
public sealed record CallLimits(int? Minute = null, int? Hour = null, int? Day = null, int? AtOnce = null)
{
    /// <summary>The marks of a minute's calls are kept in one table cell.</summary>
    public const int MostInAMinute = 300;
    public const int MostInAnHour = 10_000;
    public const int MostInADay = 100_000;

    /// <summary>Calls that are looked up one by one when the limit is reached.</summary>
    public const int MostAtOnce = 50;

    public static CallLimits None { get; } = new();

    public bool IsNone => this == None;
}
