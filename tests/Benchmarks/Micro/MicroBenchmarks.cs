using BenchmarkDotNet.Running;

namespace ClickToDial.Benchmarks.Micro;

internal static class MicroBenchmarks
{
    public static int Run(string[] args)
    {
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
        return 0;
    }
}
