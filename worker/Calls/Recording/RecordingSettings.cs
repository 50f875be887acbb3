namespace ClickToDial.Calls.Recording;

/// <summary>Where and how calls are recorded, section "Recording".</summary>
public sealed class RecordingSettings
{
    public const string Section = "Recording";

    /// <summary>Folder of the files until they are fetched. Default: <c>recordings</c> in the state folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Of the files: 8000, 16000 or 48000 Hz. Default 16000, which keeps what G.722 carries.</summary>
    public int SampleRate { get; set; } = 16000;

    /// <summary>A recording ends there and the call goes on; 1 to 720 minutes. Default 240.</summary>
    public int MaxMinutes { get; set; } = 240;

    /// <summary>No recording begins while the disk has less left. Default 500.</summary>
    public int MinFreeMegabytes { get; set; } = 500;

    /// <summary>
    /// A recording that nobody has fetched and acknowledged for so many days is deleted, with a warning in the log; 0 keeps it for
    /// ever, up to 3650. Default 30.
    /// </summary>
    public int KeepDays { get; set; } = 30;

    /// <summary>Beyond so many megabytes of finished recordings the oldest are deleted in the same way; 0 for no limit, which is the default.</summary>
    public int MaxMegabytes { get; set; }

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (SampleRate is not (8000 or 16000 or 48000)) yield return $"{Section}: SampleRate must be 8000, 16000 or 48000.";
        if (MaxMinutes is < 1 or > 720) yield return $"{Section}: MaxMinutes must be from 1 to 720.";
        if (MinFreeMegabytes is < 0 or > 1_000_000) yield return $"{Section}: MinFreeMegabytes must be from 0 to 1000000.";
        if (KeepDays is < 0 or > 3650) yield return $"{Section}: KeepDays must be from 0 to 3650.";
        if (MaxMegabytes is < 0 or > 100_000_000) yield return $"{Section}: MaxMegabytes must be from 0 to 100000000.";
    }
}
