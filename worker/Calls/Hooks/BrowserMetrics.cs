using System.Diagnostics.Metrics;

namespace ClickToDial.Calls.Hooks;

/// <summary>What is counted of browsers, on meter "ClickToDial.Browsers". No name of a user, a token or an address is in it.</summary>
internal static class BrowserMetrics
{
    public const string MeterName = "ClickToDial.Browsers";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Tokens taken, one for each connection and token.</summary>
    public static Counter<long> Connected { get; } = Meter.CreateCounter<long>("clicktodial.browser.connected");

    /// <summary>Registrations and calls refused, by rule.</summary>
    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>("clicktodial.browser.refused");
}
