using System.Reflection;
using System.Runtime.CompilerServices;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Calls.Sounds;
using ClickToDial.Media.Plane;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Telemetry;

namespace ClickToDial.Worker.Tests.Configuration;

public sealed class SettingsTableTests
{
    [Theory]
    [InlineData("Worker", typeof(WorkerOptions))]
    [InlineData("Sip", typeof(SipOptions))]
    [InlineData("Media", typeof(MediaOptions))]
    [InlineData("Signalling", typeof(SignallingOptions))]
    [InlineData("Srtp", typeof(SrtpOptions))]
    [InlineData("Recording", typeof(RecordingSettings))]
    [InlineData("Browser", typeof(BrowserOptions))]
    [InlineData("Hooks", typeof(HookOptions))]
    [InlineData("Sounds", typeof(SoundOptions))]
    [InlineData("RemoteControl", typeof(RemoteControlOptions))]
    [InlineData("Telemetry", typeof(TelemetryOptions))]
    public void Readme_tells_of_every_setting_and_of_no_other(string section, Type options)
    {
        var told = File.ReadLines(Readme()).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split('`')).Where(name => name.StartsWith(section + ":", StringComparison.Ordinal));
        var there = options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true });
        Assert.Equal(there.Select(p => $"{section}:{p.Name}").Order(), told.Order());
    }

    private static string Readme([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "worker", "Host", "README.md");
}
