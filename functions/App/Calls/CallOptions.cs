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

    /// <summary>
    /// Seconds between the two looks that must both find a call gone, and seconds after its start during which the app ends no call, so
    /// that events which waited for it come in first: 30 to 3600. Default 60, twice the worker's longest wait before it posts again.
    /// </summary>
    public int AgainSeconds { get; set; } = 60;

    public IEnumerable<string> Faults()
    {
        // Well above the longest wait for the worker, so that the sweep never meets a call that is just being placed.
        if (QuietSeconds is < 60 or > 3600) yield return "QuietSeconds must be 60 to 3600";
        if (WorkerGoneSeconds < QuietSeconds || WorkerGoneSeconds > 86400)
            yield return "WorkerGoneSeconds must be from QuietSeconds to 86400";
        if (AgainSeconds is < 30 or > 3600) yield return "AgainSeconds must be 30 to 3600";
    }

    public SweepTimes SweepTimes() => new(TimeSpan.FromSeconds(QuietSeconds), TimeSpan.FromSeconds(WorkerGoneSeconds), TimeSpan.FromSeconds(AgainSeconds));
}
