namespace ClickToDial.Benchmarks.Sip;

/// <summary>From the start of the process to its first answer.</summary>
internal static class StartTime
{
    private const int Starts = 7;

    public static IReadOnlyList<BenchFigure> Run(string program)
    {
        var times = new List<double>(Starts);
        for (var i = 0; i < Starts; i++)
        {
            using var worker = BenchWorker.Start(program);
            times.Add(worker.UntilFirstAnswer());
        }
        times.Sort();
        Console.WriteLine("From the start of the process to its first 200 for OPTIONS, ms");
        Report.Print([["best", "median", "worst"], [Report.Number(times[0], 0), Report.Number(times[Starts / 2], 0), Report.Number(times[^1], 0)]]);
        return [new BenchFigure("sip.start_ms", Math.Round(times[Starts / 2]), "ms")];
    }
}
