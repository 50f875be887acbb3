using System.Diagnostics;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>From the start of the process to its first answer, and from a start after a kill until it takes calls.</summary>
internal static class StartTime
{
    private const int Starts = 7;

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(string program)
    {
        List<double> times = [];
        List<double> cpu = [];
        List<double> restarts = [];
        for (var i = 0; i < Starts; i++)
        {
            using var worker = BenchWorker.Start(program);
            times.Add(worker.UntilFirstAnswer());
            cpu.Add(worker.CpuSeconds * 1000);
            await worker.ReadyAsync();
            worker.Restart();
            await worker.ReadyAsync();
            restarts.Add(Stopwatch.GetElapsedTime(worker.Began).TotalMilliseconds);
        }
        times.Sort();
        cpu.Sort();
        restarts.Sort();
        Console.WriteLine("From the start of the process to its first 200 for OPTIONS, ms");
        Report.Print(
        [
            ["best", "median", "worst", "CPU median", "after kill -9: ready, median"],
            [Report.Number(times[0], 0), Report.Number(times[Starts / 2], 0), Report.Number(times[^1], 0), Report.Number(cpu[Starts / 2], 0), Report.Number(restarts[Starts / 2], 0)],
        ]);
        return
        [
            new BenchFigure("sip.start_ms", Math.Round(times[Starts / 2]), "ms"),
            new BenchFigure("sip.start_cpu_ms", Math.Round(cpu[Starts / 2]), "ms"),
            new BenchFigure("sip.restart_ms", Math.Round(restarts[Starts / 2]), "ms"),
        ];
    }
}
