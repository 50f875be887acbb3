namespace ClickToDial.Benchmarks.Media;

/// <summary>200 bridged calls of 50 packets/s each way through the relay on all processors: not one packet may be lost.</summary>
internal static class RelayLoad
{
    private const int Calls = 200;

    public static Task<int> RunAsync(string[] args)
    {
        var measured = TimeSpan.FromSeconds(Report.Option(args, "--seconds", 10));
        using var generator = new LoadGenerator(Calls * 2);
        using var server = new OwnServer("relay", false, "serve-relay");
        var ports = server.SetUp(generator.Ports);
        var result = generator.Run(ports, TimeSpan.FromSeconds(2), measured, _ => { });
        Console.WriteLine($"{Calls} calls, {result.Sent} packets sent, {result.Lost} lost; delay p50 {result.DelayP50:F0} us, p99 {result.DelayP99:F0} us");
        Console.WriteLine(result.Lost == 0 && result.Sent > 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return Task.FromResult(result.Lost == 0 && result.Sent > 0 ? 0 : 1);
    }
}
