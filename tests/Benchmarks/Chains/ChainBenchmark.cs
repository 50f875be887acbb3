using System.Diagnostics;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>
/// `bench chains`: one step of a chain (a form is sent, its script runs, the next form is there) by one agent alone and by many at
/// once, beside the storage round trips that it makes, measured bare against the same storage in the same run; and runs of scripts.
/// </summary>
internal static class ChainBenchmark
{
    private const int WarmUp = 60;

    /// <summary>As many as a chain may have, by default.</summary>
    private const int StepsOfAChain = 48;

    public static async Task<int> RunAsync(string[] args)
    {
        var missing = AzuriteTool.Missing ?? (Tool.Node.IsInstalled ? null : Tool.Node.Missing);
        if (missing is not null)
        {
            Console.WriteLine($"skipped: {missing}");
            return 0;
        }
        var (steps, agents) = (Report.Option(args, "--steps", 200), Report.Option(args, "--agents", 16));
        await using var scripts = await ScriptRuns.StartAsync();
        await using var azurite = new AzuriteFixture();
        await azurite.StartAsync();
        await using var app = await ChainApp.StartAsync(azurite, scripts.Url, agents);
        var tally = new RequestTally(azurite.TableEndpoint.Port);
        using var listening = DiagnosticListener.AllListeners.Subscribe(tally);
        var raw = await RawStorage.MakeAsync(azurite.ConnectionString);

        await app.PressAsync(1);
        var before = tally.Count;
        for (var i = 0; i < WarmUp; i++) await app.StepAsync(1);
        var each = (int)Math.Round((double)(tally.Count.Reads + tally.Count.Writes - before.Reads - before.Writes) / WarmUp);
        for (var i = 0; i < WarmUp; i++) await raw.MeasureAsync(1, 1);
        var alone = await AloneAsync(app, raw, scripts, tally, steps, each);
        var together = await TogetherAsync(app, raw, alone, agents, steps);
        await scripts.MeasureAsync(4, TimeSpan.FromSeconds(1));
        var (runs, run) = await scripts.MeasureAsync(8, TimeSpan.FromSeconds(3));
        var next = await scripts.AfterBombsAsync(20);
        List<BenchFigure> figures =
        [
            .. alone.Figures, .. together,
            new("scripts.runs_per_second", Math.Round(runs), "runs/s"),
            new("scripts.run_ms", Math.Round(run, 2), "ms"),
            new("scripts.next_after_bomb_p50_ms", Math.Round(next.Median, 1), "ms"),
            new("scripts.next_after_bomb_worst_ms", Math.Round(next.Worst, 1), "ms"),
            new("scripts.cold_run_ms", Math.Round(scripts.ColdRun, 1), "ms"),
            new("scripts.cold_start_ms", Math.Round(scripts.ColdStart), "ms"),
        ];
        Report.Print([["figure", "value", "unit", "beside", "its value", "ratio"], .. figures.Select(f => new[]
        {
            f.Metric, Report.Number(f.Value, 2), f.Unit, f.Peer ?? "", Report.Number(f.PeerValue, 2), Report.Number(f.Ratio, 2),
        })]);
        if (Report.Option(args, "--json") is { } file) await Report.WriteJsonAsync(file, figures);
        return 0;
    }

    /// <summary>
    /// One agent. The last step of its orchestration comes after the answer, so it is waited for. After each step, and once storage is quiet, as many bare round trips as it made and a bare script run, so that both meet
    /// the same machine.
    /// </summary>
    private static async Task<Alone> AloneAsync(ChainApp app, RawStorage raw, ScriptRuns scripts, RequestTally tally, int steps, int each)
    {
        var alone = new Alone([], [], [], [], []);
        for (var i = 0; i < steps; i++)
        {
            if (i % StepsOfAChain == 0)
            {
                await app.PressAsync(1);
                await tally.QuietAsync(int.MaxValue);
            }
            var before = tally.Count;
            var began = Stopwatch.GetTimestamp();
            await app.StepAsync(1);
            alone.Times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await tally.QuietAsync(before.Reads + before.Writes + each);
            var (reads, writes) = (tally.Count.Reads - before.Reads, tally.Count.Writes - before.Writes);
            alone.Reads.Add(reads);
            alone.Writes.Add(writes);
            alone.Bare.Add(await raw.MeasureAsync(reads, writes));
            alone.Runs.Add(await scripts.OnceAsync());
        }
        return alone;
    }

    private static async Task<IReadOnlyList<BenchFigure>> TogetherAsync(ChainApp app, RawStorage raw, Alone alone, int agents, int steps)
    {
        await Task.WhenAll(Enumerable.Range(1, agents).Select(app.PressAsync));
        var each = Math.Min(StepsOfAChain, steps);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(1, agents).Select(async agent =>
        {
            for (var i = 0; i < each; i++) await app.StepAsync(agent);
        }));
        var perSecond = agents * each / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var bare = await raw.PerSecondAsync(agents, alone.Reads.Average(), alone.Writes.Average(), TimeSpan.FromSeconds(5));
        return [BenchFigure.Beside("chains.steps_per_second", Math.Round(perSecond, 1), "steps/s", "its round trips, bare", Math.Round(bare, 1))];
    }

    /// <summary>Of each step, in milliseconds and requests.</summary>
    /// <param name="Bare">Its round trips alone.</param>
    /// <param name="Runs">A script run alone.</param>
    private sealed record Alone(List<double> Times, List<double> Reads, List<double> Writes, List<double> Bare, List<double> Runs)
    {
        private const string Trips = "its round trips, bare";

        public IReadOnlyList<BenchFigure> Figures =>
        [
            BenchFigure.Beside("chains.step_latency_p50_ms", Of(Times, 0.5), "ms", Trips, Of(Bare, 0.5)),
            BenchFigure.Beside("chains.step_latency_p99_ms", Of(Times, 0.99), "ms", Trips, Of(Bare, 0.99)),
            BenchFigure.Beside("chains.step_and_run_p50_ms", Of(Times, 0.5), "ms", "and its script run, bare", Of([.. Bare.Zip(Runs, (bare, run) => bare + run)], 0.5)),
            new("chains.step_reads", Math.Round(Reads.Average(), 2), "requests"),
            new("chains.step_writes", Math.Round(Writes.Average(), 2), "requests"),
        ];

        private static double Of(List<double> values, double part) => Math.Round(Quantile.Of(values, part), 2);
    }
}
