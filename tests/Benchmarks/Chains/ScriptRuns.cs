using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>The script runner as a process, and what a run takes of it.</summary>
internal sealed class ScriptRuns : IAsyncDisposable
{
    public const string Token = "script-runner-token-for-benchmarks-0123456789";
    private const string Body = """{"source":"export function main(data) { let x = 0; for (let i = 0; i < 1000; i++) x += i * data.a; return { x }; }","data":{"a":3}}""";

    private static readonly string[] Bombs =
    [
        """{"source":"function main() { for (;;); }","limits":{"runMs":100}}""",
        """{"source":"function main() { const a = []; for (;;) a.push(new Array(100000).fill(7)) }","limits":{"runMs":1000}}""",
        """{"source":"function main() { return main() }"}""",
        """{"source":"function main() { return 'x'.repeat(1000000) }"}""",
    ];

    private readonly ChildProcess _process;
    private readonly HttpClient _http = new();

    private ScriptRuns(ChildProcess process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>From the start of the process to the answer of its first run, and that run alone, in milliseconds.</summary>
    public double ColdStart { get; private set; }

    public double ColdRun { get; private set; }

    public static async Task<ScriptRuns> StartAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var folder = Path.Combine(Product.RepositoryRoot, "worker/ScriptRunner");
        var process = ChildProcess.Start(new ChildProcessOptions(
            "script runner", Tool.Node.Path!, [Path.Combine(folder, "src/main.js")], folder,
            new Dictionary<string, string?> { ["SCRIPT_RUNNER_TOKENS"] = Token, ["SCRIPT_RUNNER_PORT"] = "0" }));
        var line = await process.SaysAsync(l => l.Contains("\"listening\"", StringComparison.Ordinal), "it listens");
        var runs = new ScriptRuns(process, new Uri($"http://127.0.0.1:{JsonElement.Parse(line).GetProperty("port").GetInt32()}"));
        var first = Stopwatch.GetTimestamp();
        await runs.RunAsync();
        runs.ColdRun = Stopwatch.GetElapsedTime(first).TotalMilliseconds;
        runs.ColdStart = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return runs;
    }

    /// <returns>Runs per second by so many clients, and the median of one in milliseconds.</returns>
    public async Task<(double PerSecond, double Median)> MeasureAsync(int clients, TimeSpan time)
    {
        var (times, began) = (new List<double>(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => WorkAsync()));
        return (times.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, Quantile.Of(times, 0.5));

        async Task WorkAsync()
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var start = Stopwatch.GetTimestamp();
                await RunAsync();
                lock (times) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
    }

    /// <returns>Milliseconds of one run.</returns>
    public async Task<double> OnceAsync()
    {
        var began = Stopwatch.GetTimestamp();
        await RunAsync();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <returns>Milliseconds of the run right after one that had to be stopped: the median, and the worst.</returns>
    public async Task<(double Median, double Worst)> AfterBombsAsync(int bombs)
    {
        List<double> times = [];
        for (var i = 0; i < bombs; i++)
        {
            await RunAsync(Bombs[i % Bombs.Length], isGood: false);
            var start = Stopwatch.GetTimestamp();
            await RunAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (Quantile.Of(times, 0.5), times.Max());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task RunAsync(string body = Body, bool isGood = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, "/v1/runs")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await _http.SendAsync(request);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        if (answer.GetProperty("outcome").GetString() == "done" != isGood) throw new InvalidOperationException($"A run failed: {answer}");
    }
}
