namespace ClickToDial.Contracts.Telemetry;

/// <summary>
/// How numbers and names of people are written into logs and spans: as stars, unless a support switch was set when the process started.
/// </summary>
public static class Stars
{
    private const string Hidden = "***";

    /// <summary>Set once, by the setting <c>Telemetry:ShowNumbers</c>.</summary>
    public static bool Shown { get; set; }

    public static string Of(string? text) => string.IsNullOrEmpty(text) ? "" : Shown ? text : Hidden;
}
