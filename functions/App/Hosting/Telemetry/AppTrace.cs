using System.Diagnostics;

namespace ClickToDial.App.Hosting.Telemetry;

/// <summary>The spans of the functions.</summary>
internal static class AppTrace
{
    public const string SourceName = "ClickToDial.App";

    public static ActivitySource Source { get; } = new(SourceName);
}
