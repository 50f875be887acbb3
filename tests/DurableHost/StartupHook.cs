using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ClickToDial.DurableHost;

/// <summary>
/// Lets another program die like this one: run with this assembly in <c>DOTNET_STARTUP_HOOKS</c> it is killed at the moment that
/// <c>FATE_MOMENT</c> says, counted from the first request to an address with <c>FATE_SINCE</c> in it; 0 or nothing for never.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this class outside of any namespace.")]
[SuppressMessage("Design", "MA0047", Justification = "The same.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        var moment = Environment.GetEnvironmentVariable("FATE_MOMENT");
        if (int.TryParse(moment, CultureInfo.InvariantCulture, out var number) && number > 0) DiagnosticListener.AllListeners.Subscribe(new Fate(number, Environment.GetEnvironmentVariable("FATE_SINCE")));
    }
}
