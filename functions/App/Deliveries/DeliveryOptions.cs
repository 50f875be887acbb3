using ClickToDial.App.Hosting;

namespace ClickToDial.App.Deliveries;

/// <summary>How events are delivered to subscribers.</summary>
public sealed class DeliveryOptions : ICheckedOptions
{
    public const string Section = "Deliveries";

    /// <summary>Longest wait for a subscriber's answer, in seconds: 1 to 25, less than a probe may take. Default 10.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Attempts that one subscriber may have under way at once at each instance, 1 to 64. Default 4.</summary>
    public int AtOncePerSubscriber { get; set; } = 4;

    /// <summary>Days that finished deliveries are kept, 1 to 365. Default 30.</summary>
    public int KeepDays { get; set; } = 30;

    public IEnumerable<string> Faults()
    {
        if (TimeoutSeconds is < 1 or > 25) yield return "TimeoutSeconds must be 1 to 25";
        if (AtOncePerSubscriber is < 1 or > 64) yield return "AtOncePerSubscriber must be 1 to 64";
        if (KeepDays is < 1 or > 365) yield return "KeepDays must be 1 to 365";
    }
}
