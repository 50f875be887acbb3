namespace ClickToDial.Benchmarks.Media;

/// <summary>200 bridged calls of 50 packets/s each way through the relay on all processors: not one packet may be lost.</summary>
internal static class RelayLoad
{
    private const int Calls = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var measured = TimeSpan.FromSeconds(Report.Option(args, "--seconds", 10));
        using var generator = new LoadGenerator(Calls * 2);
        using var server = new OwnServer("relay", false, "serve-relay");
        var ports = server.SetUp(generator.Ports);
        var result = generator.Run(ports, TimeSpan.FromSeconds(2), measured, _ => { });
        Console.WriteLine($"{Calls} calls of 50 packets/s each way for {measured.TotalSeconds:F0} s");
        Report.Print(
        [
            ["sent", "lost", "delay p50 us", "p99 us"],
            [Report.Number(result.Sent, 0), Report.Number(result.Lost, 0), Report.Number(result.DelayP50, 0), Report.Number(result.DelayP99, 0)],
        ]);
        if (Report.Option(args, "--json") is { } file)
        {
            await Report.WriteJsonAsync(file,
            [
                new("media.load.sent_packets", result.Sent, "packets"),
                new("media.load.lost_packets", result.Lost, "packets"),
                new("media.load.delay_p50_us", result.DelayP50, "us"),
                new("media.load.delay_p99_us", result.DelayP99, "us"),
            ]);
        }
        return result.Lost == 0 && result.Sent > 0 ? 0 : 1;
    }
}
