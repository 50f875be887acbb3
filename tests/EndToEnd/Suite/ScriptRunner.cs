using System.Text.Json;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.EndToEnd.Suite;

/// <summary>The script runner as a process, on a port that it takes itself.</summary>
public sealed class ScriptRunner : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(TestKit.Suite.Product.RepositoryRoot, "worker/ScriptRunner");

    private readonly ChildProcess _process;

    private ScriptRunner(ChildProcess process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public static string Token { get; } = $"runner-{Guid.NewGuid():N}{Guid.NewGuid():N}";

    /// <summary>Why tests that need it do not run; null when they do.</summary>
    public static string? Missing =>
        !Tool.Node.IsInstalled ? Tool.Node.Missing
        : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "The script runner's packages are not installed (`dev test` installs them)."
        : null;

    public static async Task<ScriptRunner> StartAsync()
    {
        var process = ChildProcess.Start(new ChildProcessOptions(
            "script runner", Tool.Node.Path!, [Path.Combine(Folder, "src/main.js")], Folder,
            new Dictionary<string, string?> { ["SCRIPT_RUNNER_TOKENS"] = Token, ["SCRIPT_RUNNER_PORT"] = "0" }));
        var line = await process.SaysAsync(l => l.Contains("\"listening\"", StringComparison.Ordinal), "it listens");
        return new ScriptRunner(process, new Uri($"http://127.0.0.1:{JsonElement.Parse(line).GetProperty("port").GetInt32()}"));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
