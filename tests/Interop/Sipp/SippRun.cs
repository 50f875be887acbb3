using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Sipp;

/// <summary>
/// One scenario played by sipp for one call. It passes when sipp says that every message was the expected one; otherwise
/// the failure shows sipp's errors and the messages.
/// </summary>
internal sealed class SippRun : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly string _scenario;
    private readonly string _folder;
    private readonly ChildProcess _process;

    private SippRun(string scenario, string folder, ChildProcess process) =>
        (_scenario, _folder, _process) = (scenario, folder, process);

    /// <summary>Plays a scenario that begins by sending, to <paramref name="remote"/>, and waits until it has passed.</summary>
    public static async Task PlayAsync(string scenario, string remote, SippSettings settings)
    {
        await using var run = Start(scenario, NewFolder(), [.. settings.Arguments(), remote]);
        await run.PassesAsync();
    }

    /// <summary>Starts a scenario that begins by sending, to <paramref name="remote"/>.</summary>
    public static SippRun Begin(string scenario, string remote, SippSettings settings) => Start(scenario, NewFolder(), [.. settings.Arguments(), remote]);

    /// <summary>Starts a scenario that begins by receiving; its port is open when this returns.</summary>
    public static async Task<SippRun> ListenAsync(string scenario, SippSettings settings)
    {
        var folder = NewFolder();
        // sipp says nothing when it is ready, but creates its statistics file after it has bound its ports.
        var statistics = Path.Combine(folder, "statistics.csv");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder, "statistics.csv");
        watcher.Created += (_, _) => ready.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var run = Start(scenario, folder, [.. settings.Arguments(), "-trace_stat", "-stf", statistics, "-fd", "60"]);
        var first = await Task.WhenAny(ready.Task, run._process.Exited).WaitAsync(Patience.Start);
        if (first == ready.Task) return run;
        await using (run) Assert.Fail(await run.ReportAsync());
        return run;
    }

    /// <summary>Waits until the scenario is over, and fails unless it went as written.</summary>
    public async Task PassesAsync()
    {
        var code = await _process.ExitAsync(Longest + Patience.Step);
        if (code != 0) Assert.Fail(await ReportAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static SippRun Start(string scenario, string folder, IReadOnlyList<string> arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Scenarios", $"{scenario}.xml");
        var process = ChildProcess.Start(new ChildProcessOptions(
            $"sipp {scenario}",
            Tool.Sipp.Path!,
            [
                "-sf", file, "-m", "1", "-nostdin",
                "-timeout", $"{Longest.TotalSeconds}s", "-timeout_error",
                "-trace_err", "-error_file", Path.Combine(folder, "errors.log"),
                "-trace_msg", "-message_file", Path.Combine(folder, "messages.log"),
                .. arguments,
            ],
            WorkingDirectory: folder));
        return new SippRun(scenario, folder, process);
    }

    private static string NewFolder() => System.IO.Directory.CreateTempSubdirectory("sipp-").FullName;

    private async Task<string> ReportAsync()
    {
        var report = $"sipp did not play {_scenario} as written.{Environment.NewLine}";
        foreach (var file in System.IO.Directory.GetFiles(_folder, "*.log").Order(StringComparer.Ordinal))
            report += $"--- {Path.GetFileName(file)}{Environment.NewLine}{await File.ReadAllTextAsync(file)}{Environment.NewLine}";
        return report + _process.LastOutput();
    }
}
