using BenchmarkDotNet.Running;

namespace ClickToDial.Benchmarks.Micro;

internal static class MicroBenchmarks
{
    /// <summary>Runs the micro-benchmarks (BenchmarkDotNet's own arguments are taken); fails when one of them allocates.</summary>
    public static int Run(string[] args)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
        var reports = summaries.SelectMany(summary => summary.Reports).ToList();
        var failed = reports.Where(report => !report.Success || report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is > 0).ToList();
        foreach (var report in failed) Console.Error.WriteLine($"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} failed or allocates.");
        Console.WriteLine($"{reports.Count - failed.Count} passed, {failed.Count} failed");
        return reports.Count > 0 && failed.Count == 0 ? 0 : 1;
    }
}
