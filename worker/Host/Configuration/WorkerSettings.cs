using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Calls.Sounds;
using ClickToDial.Media.Plane;
using ClickToDial.Worker.Telemetry;

namespace ClickToDial.Worker.Configuration;

/// <summary>All settings, read and checked before anything is opened.</summary>
public sealed record WorkerSettings(
    WorkerOptions Worker, SipOptions Sip, MediaOptions Media, SrtpOptions Srtp, RecordingSettings Recording, SignallingOptions Signalling,
    SoundOptions Sounds, BrowserOptions Browser, RemoteControlOptions RemoteControl, TelemetryOptions Telemetry, HookOptions Hooks)
{
    /// <summary>The secrets among them, which may be replaced while the worker runs.</summary>
    public WorkerSecrets Secrets { get; } = new(Worker, Hooks);

    /// <summary>Reads every section; null and every error there is when one of them is not right.</summary>
    public static WorkerSettings? Read(IConfiguration configuration, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        var worker = Bind<WorkerOptions>(configuration, WorkerOptions.Section, static (section, options) => section.Bind(options), found);
        var sip = Bind<SipOptions>(configuration, SipOptions.Section, static (section, options) => section.Bind(options), found);
        var media = Bind<MediaOptions>(configuration, MediaOptions.Section, static (section, options) => section.Bind(options), found);
        var srtp = Bind<SrtpOptions>(configuration, SrtpOptions.Section, static (section, options) => section.Bind(options), found);
        var recording = Bind<RecordingSettings>(configuration, RecordingSettings.Section, static (section, options) => section.Bind(options), found);
        if (recording.Folder.Length == 0) recording.Folder = Path.Combine(worker.StateFolder, "recordings");
        var signalling = Bind<SignallingOptions>(configuration, SignallingOptions.Section, static (section, options) => section.Bind(options), found);
        var sounds = Bind<SoundOptions>(configuration, SoundOptions.Section, static (section, options) => section.Bind(options), found);
        var browser = Bind<BrowserOptions>(configuration, BrowserOptions.Section, static (section, options) => section.Bind(options), found);
        var hooks = Bind<HookOptions>(configuration, HookOptions.Section, static (section, options) => section.Bind(options), found);
        var remote = Bind<RemoteControlOptions>(configuration, RemoteControlOptions.Section, static (section, options) => section.Bind(options), found);
        var telemetry = Bind<TelemetryOptions>(configuration, TelemetryOptions.Section, static (section, options) => section.Bind(options), found);
        telemetry.Complete(configuration);
        FillSecrets(worker, hooks, found);
        found.AddRange(worker.Validate());
        found.AddRange(sip.Validate());
        found.AddRange(media.Validate());
        found.AddRange(srtp.Validate());
        found.AddRange(recording.Validate());
        found.AddRange(signalling.Validate());
        found.AddRange(sounds.Validate());
        found.AddRange(browser.Validate());
        found.AddRange(remote.Validate());
        found.AddRange(telemetry.Validate());
        found.AddRange(hooks.Validate(browser.IsOn));
        errors = found;
        return found.Count == 0
            ? new WorkerSettings(worker, sip, media, srtp, recording, signalling, sounds, browser, remote, telemetry, hooks)
            : null;
    }

    private static void FillSecrets(WorkerOptions worker, HookOptions hooks, List<string> errors)
    {
        try
        {
            WorkerSecrets.Fill(worker, hooks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{WorkerOptions.Section}: SecretsFolder has a file that cannot be read.");
        }
    }

    // A value of the wrong type is one more error, not the end of the search for others. Each caller names the type and binds, for
    // only then is the code for it generated; to find it by reflection takes a tenth of the time until SIP is spoken.
    private static T Bind<T>(IConfiguration configuration, string section, Action<IConfiguration, T> bind, List<string> errors)
        where T : class, new()
    {
        var options = new T();
        try
        {
            bind(configuration.GetSection(section), options);
        }
        catch (InvalidOperationException e)
        {
            errors.Add($"{section}: {e.Message}");
        }
        return options;
    }
}
