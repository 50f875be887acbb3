using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <summary>When the sweep takes an open call for lost.</summary>
public sealed class CallOptions : ICheckedOptions
{
    public const string Section = "Calls";

    /// <summary>Seconds without news after which the worker is asked about a call: 60 to 3600. Default 120.</summary>
    public int QuietSeconds { get; set; } = 120;

    /// <summary>Seconds after which a call ends whose worker cannot be reached: from QuietSeconds to 86400. Default 600.</summary>
    public int WorkerGoneSeconds { get; set; } = 600;

    public IEnumerable<string> Faults()
    {
        // Well above the longest wait for the worker, so that the sweep never meets a call that is just being placed.
        if (QuietSeconds is < 60 or > 3600) yield return "QuietSeconds must be 60 to 3600";
        if (WorkerGoneSeconds < QuietSeconds || WorkerGoneSeconds > 86400)
            yield return "WorkerGoneSeconds must be from QuietSeconds to 86400";
    }

    public SweepTimes SweepTimes() => new(TimeSpan.FromSeconds(QuietSeconds), TimeSpan.FromSeconds(WorkerGoneSeconds));
}
