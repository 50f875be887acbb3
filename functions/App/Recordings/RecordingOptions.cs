using ClickToDial.App.Hosting;

namespace ClickToDial.App.Recordings;

/// <summary>How recordings are fetched from the worker, and how long they are kept.</summary>
public sealed class RecordingOptions : ICheckedOptions
{
    public const string Section = "Recordings";

    /// <summary>Days after which a recording is deleted: 1 to 3650, or 0 to keep all. Default 0.</summary>
    public int RetentionDays { get; set; }

    /// <summary>Longest time that one fetch may take, in seconds: 10 to 3600. Default 600. What was broken off is tried again.</summary>
    public int FetchSeconds { get; set; } = 600;

    /// <summary>A recording larger than this is not fetched: 1 to 4096 MB. Default 4096.</summary>
    public int MaxMegabytes { get; set; } = 4096;

    public IEnumerable<string> Faults()
    {
        if (RetentionDays is < 0 or > 3650) yield return "RetentionDays must be 0 to 3650";
        if (FetchSeconds is < 10 or > 3600) yield return "FetchSeconds must be 10 to 3600";
        if (MaxMegabytes is < 1 or > 4096) yield return "MaxMegabytes must be 1 to 4096";
    }
}
