using System.Globalization;

namespace ClickToDial.App.PbxApi;

/// <summary>How the API writes times and durations.</summary>
internal static class PbxTimes
{
    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static int Seconds(TimeSpan? duration) => (int)Math.Round(duration?.TotalSeconds ?? 0, MidpointRounding.AwayFromZero);
}
