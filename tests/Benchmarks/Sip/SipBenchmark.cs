using System.Globalization;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>`bench sip`: what a call costs the worker, how many it takes, what it keeps for one, and how soon it is there.</summary>
internal static class SipBenchmark
{
    private static readonly string[] Parts = ["bridged", "originate", "memory", "start"];

    public static async Task<int> RunAsync(string[] args)
    {
        if (!SippLoad.IsInstalled)
        {
            Console.WriteLine("skipped: sipp is not installed (apt-get install sip-tester)");
            return 0;
        }
        var program = Report.Option(args, "--worker") ?? throw new InvalidOperationException("--worker PROGRAM is missing; ./dev bench gives it.");
        var parts = Report.Option(args, "--only")?.Split(',') ?? Parts;
        var seconds = Report.Option(args, "--seconds", 8);
        var rates = (Report.Option(args, "--rates") ?? "250,500,750,1000,1250,1500").Split(',')
            .Select(rate => int.Parse(rate, CultureInfo.InvariantCulture)).ToArray();
        List<BenchFigure> figures = [];
        if (parts.Contains("bridged")) figures.AddRange(await BridgedCalls.RunAsync(program, rates, seconds, alone: args.Contains("--alone")));
        if (parts.Contains("originate")) figures.AddRange(await OriginatedCalls.RunAsync(program, rates, seconds));
        if (parts.Contains("memory")) figures.AddRange(await HeldCalls.RunAsync(program, Report.Option(args, "--held", 2000)));
        if (parts.Contains("start")) figures.AddRange(await StartTime.RunAsync(program));
        if (Report.Option(args, "--json") is { } file) await Report.WriteJsonAsync(file, figures);
        return 0;
    }
}
