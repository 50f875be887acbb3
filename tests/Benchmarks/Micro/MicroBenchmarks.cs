using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClickToDial.Benchmarks.Micro;

internal static class MicroBenchmarks
{
    /// <summary>Runs the micro-benchmarks (BenchmarkDotNet's own arguments are taken); fails when one of them allocates.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var json = Report.Option(args, "--json");
        string[] own = json is null ? args : [.. args.Where(a => a != "--json" && a != json)];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(own.Length > 0 ? own : ["--filter", "*"]);
        var reports = summaries.SelectMany(summary => summary.Reports).ToList();
        var failed = reports.Where(report => !report.Success || report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is > 0).ToList();
        foreach (var report in failed) Console.Error.WriteLine($"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} failed or allocates.");
        Console.WriteLine($"{reports.Count - failed.Count} of {reports.Count} ran without allocating.");
        if (json is not null) await Report.WriteJsonAsync(json, [.. reports.Where(report => report.Success).SelectMany(Figures)]);
        return reports.Count > 0 && failed.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<BenchFigure> Figures(BenchmarkReport report)
    {
        var method = report.BenchmarkCase.Descriptor;
        var name = $"micro.{method.Type.Name}.{method.WorkloadMethod.Name}";
        var parameters = report.BenchmarkCase.Parameters.PrintInfo;
        if (parameters.Length > 0) name += $"[{parameters}]";
        yield return new($"{name}.ns", report.ResultStatistics?.Mean ?? 0, "ns");
        yield return new($"{name}.allocated_bytes", report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0, "bytes");
    }
}
