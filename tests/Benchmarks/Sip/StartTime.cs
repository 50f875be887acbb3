namespace ClickToDial.Benchmarks.Sip;

/// <summary>From the start of the process to its first answer.</summary>
internal static class StartTime
{
    private const int Starts = 7;

    public static IReadOnlyList<BenchFigure> Run(string program)
    {
        List<double> times = [];
        List<double> cpu = [];
        for (var i = 0; i < Starts; i++)
        {
            using var worker = BenchWorker.Start(program);
            times.Add(worker.UntilFirstAnswer());
            cpu.Add(worker.CpuSeconds * 1000);
        }
        times.Sort();
        cpu.Sort();
        Console.WriteLine("From the start of the process to its first 200 for OPTIONS, ms");
        Report.Print(
        [
            ["best", "median", "worst", "CPU median"],
            [Report.Number(times[0], 0), Report.Number(times[Starts / 2], 0), Report.Number(times[^1], 0), Report.Number(cpu[Starts / 2], 0)],
        ]);
        return
        [
            new BenchFigure("sip.start_ms", Math.Round(times[Starts / 2]), "ms"),
            new BenchFigure("sip.start_cpu_ms", Math.Round(cpu[Starts / 2]), "ms"),
        ];
    }
}
