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
        var (steps, agents, rounds) = (Report.Option(args, "--steps", 200), Report.Option(args, "--agents", 16), Report.Option(args, "--rounds", 3));
        await using var scripts = await ScriptRuns.StartAsync();
        await using var azurite = new AzuriteFixture();
        await azurite.StartAsync();
        await using var app = await ChainApp.StartAsync(azurite, scripts.Url, agents);
        var tally = new RequestTally(azurite.TableEndpoint.Port);
        using var listening = DiagnosticListener.AllListeners.Subscribe(tally);
        var raw = await RawStorage.MakeAsync(azurite.ConnectionString);

        await app.PressAsync(1);
        for (var i = 0; i < WarmUp; i++) await app.StepAsync(1);
        await raw.MeasureAsync(WarmUp);
        var alone = await AloneAsync(app, raw, tally, steps, rounds);
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

    /// <summary>One agent; the bare round trips are measured between, so that both meet the same machine.</summary>
    private static async Task<Alone> AloneAsync(ChainApp app, RawStorage raw, RequestTally tally, int steps, int rounds)
    {
        List<double> times = [], reads = [], writes = [];
        var (read, written) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var before = tally.Count;
            for (var i = 0; i < steps / rounds; i++)
            {
                if (i % StepsOfAChain == 0)
                {
                    var pressing = tally.Count;
                    await app.PressAsync(1);
                    var pressed = tally.Count;
                    before = (before.Reads + pressed.Reads - pressing.Reads, before.Writes + pressed.Writes - pressing.Writes);
                }
                var began = Stopwatch.GetTimestamp();
                await app.StepAsync(1);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            var after = tally.Count;
            (read, written) = (read + after.Reads - before.Reads, written + after.Writes - before.Writes);
            var bare = await raw.MeasureAsync(steps / rounds);
            reads.Add(bare.Read);
            writes.Add(bare.Write);
        }
        return new Alone(times, (double)read / times.Count, (double)written / times.Count, Quantile.Of(reads, 0.5), Quantile.Of(writes, 0.5));
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
        var bare = await raw.PerSecondAsync(agents, alone.Reads, alone.Writes, TimeSpan.FromSeconds(5));
        return [BenchFigure.Beside("chains.steps_per_second", Math.Round(perSecond, 1), "steps/s", "its round trips, bare", Math.Round(bare, 1))];
    }

    /// <param name="Reads">Of one step.</param>
    /// <param name="ReadTime">Of a bare one, in milliseconds.</param>
    private sealed record Alone(IReadOnlyCollection<double> Times, double Reads, double Writes, double ReadTime, double WriteTime)
    {
        public IReadOnlyList<BenchFigure> Figures =>
        [
            BenchFigure.Beside("chains.step_latency_p50_ms", Math.Round(Quantile.Of(Times, 0.5), 2), "ms", "its round trips, bare", Math.Round(Bare, 2)),
            BenchFigure.Beside("chains.step_latency_p99_ms", Math.Round(Quantile.Of(Times, 0.99), 2), "ms", "its round trips, bare", Math.Round(Bare, 2)),
            new("chains.step_reads", Math.Round(Reads, 2), "requests"),
            new("chains.step_writes", Math.Round(Writes, 2), "requests"),
        ];

        private double Bare => Reads * ReadTime + Writes * WriteTime;
    }
}
