using System.Text.Json;
using ClickToDial.App.Tests.Hosting;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.App.Tests.Support;

/// <summary>The real script runner, as a process of its own.</summary>
public sealed class ScriptRunnerPeer : IAsyncDisposable
{
    public const string Token = "script-runner-token-for-tests-0123456789";

    public const string NextToken = "script-runner-token-for-tests-that-is-next";

    private ChildProcess _process;

    private ScriptRunnerPeer(ChildProcess process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Why tests that need it do not run; null when they do.</summary>
    public static string? Missing =>
        !Tool.Node.IsInstalled ? Tool.Node.Missing
        : !System.IO.Directory.Exists(Path.Combine(Folder, "node_modules")) ? "The script runner's packages are not installed (`dev test` installs them)."
        : null;

    private static string Folder => Path.Combine(SettingsTests.Root, "worker/ScriptRunner");

    public static async Task<ScriptRunnerPeer> StartAsync()
    {
        var process = Start(PortBlock.NextOfProcess());
        var line = await ListeningAsync(process);
        return new ScriptRunnerPeer(process, new Uri($"http://127.0.0.1:{JsonElement.Parse(line).GetProperty("port").GetInt32()}"));
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>On the same address.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = Start(Url.Port);
        await ListeningAsync(_process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ChildProcess Start(int port) => ChildProcess.Start(new ChildProcessOptions(
        "script runner", Tool.Node.Path!, [Path.Combine(Folder, "src/main.js")], Folder,
        new Dictionary<string, string?> { ["SCRIPT_RUNNER_TOKENS"] = $"{Token},{NextToken}", ["SCRIPT_RUNNER_PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture) }));

    private static Task<string> ListeningAsync(ChildProcess process) => process.SaysAsync(l => l.Contains("\"listening\"", StringComparison.Ordinal), "it listens");
}
