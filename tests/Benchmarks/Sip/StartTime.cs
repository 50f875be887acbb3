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
        List<double> peer = [];
        string? missing = null;
        for (var i = 0; i < Starts; i++)
        {
            if (PeerTime(out missing) is { } time) peer.Add(time);
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
        peer.Sort();
        if (missing is not null) Console.WriteLine($"peer skipped: {missing}");
        Console.WriteLine("From the start of the process to its first 200 for OPTIONS, ms");
        Report.Print(
        [
            ["", "best", "median", "worst", "CPU median", "after kill -9: ready, median"],
            ["worker", .. Row(times), Report.Number(cpu[Starts / 2], 0), Report.Number(restarts[Starts / 2], 0)],
            .. peer.Count == 0 ? Array.Empty<string[]>() : [["kamailio, by turns with it", .. Row(peer), "-", "-"]],
        ]);
        double? beside = peer.Count == 0 ? null : Math.Round(peer[Starts / 2], 1);
        return
        [
            BenchFigure.Beside("sip.start_ms", Math.Round(times[Starts / 2]), "ms", "kamailio", beside),
            .. beside is { } theirs ? [new BenchFigure("sip.start_ratio", Math.Round(times[Starts / 2] / theirs, 1), "times kamailio's")] : Array.Empty<BenchFigure>(),
            new BenchFigure("sip.start_cpu_ms", Math.Round(cpu[Starts / 2]), "ms"),
            new BenchFigure("sip.restart_ms", Math.Round(restarts[Starts / 2]), "ms"),
        ];

        static string[] Row(List<double> sorted) => [Report.Number(sorted[0], 0), Report.Number(sorted[Starts / 2], 0), Report.Number(sorted[^1], 0)];
    }

    private static double? PeerTime(out string? missing)
    {
        using var proxy = KamailioProxy.TryBegin(out missing);
        if (proxy is null) return null;
        var time = proxy.UntilFirstAnswer();
        proxy.Settle();
        return time;
    }
}
