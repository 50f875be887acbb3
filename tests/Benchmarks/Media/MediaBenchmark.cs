using System.Diagnostics;
using System.Globalization;
using ClickToDial.Media.Plane;

namespace ClickToDial.Benchmarks.Media;

/// <summary>One server's figures in a round, or their medians over all rounds. Sleeps are how often its threads gave the processor up, per packet.</summary>
internal sealed record RelayFigures(string Name, LoadShape Shape, double CpuMicroseconds, double SleepsPerPacket, double DelayP50, double DelayP99, long Lost, double Unmeasured);

/// <summary>
/// The relay under 400 streams of 50 packets/s of 172 octets: each server its own process on one processor, the generator on
/// the other, one after the other in each round.
/// </summary>
internal static class MediaBenchmark
{
    private const int Phones = 400;

    // Reports begin one to three seconds after the start, and what they run is then compiled twice on the server's processor.
    internal static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    // Between two shapes of load on the same server.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = Report.Option(args, "--seconds", 6);
        var rounds = Report.Option(args, "--rounds", 3);
        var coalesce = (Report.Option(args, "--coalesce") ?? new MediaOptions().CoalesceMicroseconds.ToString(CultureInfo.InvariantCulture)).Split(',');
        if (Environment.ProcessorCount < 2)
        {
            Console.Error.WriteLine("Two processors are needed: one for the server, one for the generator.");
            return 1;
        }
        LoadShape[] shapes = [.. (Report.Option(args, "--shape") ?? "even,ticks").Split(',').Select(shape => Enum.Parse<LoadShape>(shape, ignoreCase: true))];
        Pin(Server.GeneratorCore);
        Urgency.Wanted = args.Contains("--ahead");
        var figures = new List<RelayFigures>();
        using (var generator = new LoadGenerator(Phones))
        {
            List<(string Name, Func<Server?> Start)> servers =
            [
                .. coalesce.Select((bound, i) => Own("ours, io_uring", PacketEngine.IoUring, bound, isFirst: i == 0)),
                .. coalesce.Select((bound, i) => Own("ours, epoll", PacketEngine.Epoll, bound, isFirst: i == 0)),
                ("ours, also playing to 400", () => new OwnServer("ours, playing", true, "serve-relay", "--coalesce", coalesce[0], "--playing", "400")),
                ("rtpengine", () => StartRtpengine(threads: null)),
                ("rtpengine, 1 thread", () => StartRtpengine(threads: 1)),
                ("plain loop", () => new OwnServer("plain loop", true, "serve-plain")),
            ];
            if (Report.Option(args, "--only") is { } part) servers.RemoveAll(server => !server.Name.Contains(part, StringComparison.Ordinal));
            var results = servers.ToDictionary(server => server.Name, _ => new List<RelayFigures>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (name, start) in servers)
                {
                    results[name].AddRange(Measure(name, start, generator, TimeSpan.FromSeconds(seconds), shapes));
                }
            }
            figures.AddRange(servers.SelectMany(server => results[server.Name].GroupBy(result => result.Shape)).Select(Median));
        }
        foreach (var shape in shapes) Print(figures.FindAll(figure => figure.Shape == shape), shape, seconds, rounds);
        if (Report.Option(args, "--json") is { } file) await Report.WriteJsonAsync(file, Compare(figures));
        return figures.Exists(figure => figure.Name.StartsWith("ours", StringComparison.Ordinal)) ? 0 : 1;
    }

    // The first bound has the plain names, which the figures go by.
    private static (string, Func<Server?>) Own(string engineName, PacketEngine engine, string coalesce, bool isFirst)
    {
        var name = isFirst ? engineName : $"{engineName}, {coalesce} us";
        return (name, () => new OwnServer(name, true, "serve-relay", "--engine", engine.ToString(), "--coalesce", coalesce));
    }

    private static RtpengineServer? StartRtpengine(int? threads)
    {
        var server = RtpengineServer.TryStart(threads, out var missing);
        if (missing is not null) Console.Error.WriteLine($"Missing peer: {missing}");
        return server;
    }

    private static List<RelayFigures> Measure(string name, Func<Server?> start, LoadGenerator generator, TimeSpan measured, LoadShape[] shapes)
    {
        var figures = new List<RelayFigures>();
        try
        {
            using var server = start();
            if (server is null) return figures;
            var ports = server.SetUp(generator.Ports);
            foreach (var shape in shapes)
            {
                ProcessCpu before = default, used = default;
                var result = generator.Run(ports, figures.Count == 0 ? WarmUp : Settling, measured, ended =>
                {
                    if (!ended) Urgency.Raise();
                    if (ended) used = ProcessCpu.Of(server.Process) - before;
                    else before = ProcessCpu.Of(server.Process);
                    if (ended) Urgency.Lower();
                }, shape);
                var packets = (double)Math.Max(1, result.Received);
                figures.Add(new RelayFigures(
                    name, shape, used.Seconds * 1e6 / packets, used.Sleeps / packets, result.DelayP50, result.DelayP99, result.Lost, result.Unmeasured));
            }
        }
        catch (InvalidOperationException reason)
        {
            Console.Error.WriteLine($"{name} could not be measured: {reason.Message}");
        }
        return figures;
    }

    private static RelayFigures Median(IEnumerable<RelayFigures> rounds)
    {
        var all = rounds.ToList();
        return new(
            all[0].Name,
            all[0].Shape,
            Middle(all, r => r.CpuMicroseconds),
            Middle(all, r => r.SleepsPerPacket),
            Middle(all, r => r.DelayP50),
            Middle(all, r => r.DelayP99),
            all.Max(r => r.Lost),
            Middle(all, r => r.Unmeasured));
    }

    private static double Middle(List<RelayFigures> rounds, Func<RelayFigures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private static void Print(List<RelayFigures> figures, LoadShape shape, int seconds, int rounds)
    {
        var sent = shape == LoadShape.Even ? "evenly spread" : "sent on ticks of 1 ms";
        Console.WriteLine($"Relay of {Phones} streams, 50 packets/s of 172 octets each, {sent}; medians of {rounds} rounds of {seconds} s");
        var rows = new List<string[]> { new[] { "server", "CPU us/packet", "sleeps/packet", "delay p50 us", "p99 us", "lost", "unmeasured %" } };
        rows.AddRange(figures.Select(f => new[]
        {
            f.Name, Report.Number(f.CpuMicroseconds, 2), Report.Number(f.SleepsPerPacket, 2), Report.Number(f.DelayP50, 0), Report.Number(f.DelayP99, 0), Report.Number(f.Lost, 0), Report.Number(100 * f.Unmeasured, 1),
        }));
        Report.Print(rows);
    }

    private static List<BenchFigure> Compare(List<RelayFigures> all) => [.. all.GroupBy(figure => figure.Shape).SelectMany(figures => Compare([.. figures], figures.Key))];

    // The engine a start would choose goes by the plain metric names, as evenly spread streams do; the fallback and ticks have their own.
    private static List<BenchFigure> Compare(List<RelayFigures> figures, LoadShape shape)
    {
        var list = new List<BenchFigure>();
        var ticks = shape == LoadShape.Ticks ? ".ticks" : "";
        var peers = figures.Where(f => !f.Name.StartsWith("ours", StringComparison.Ordinal)).ToList();
        var own = figures.Where(f => f.Name is "ours, io_uring" or "ours, epoll").ToList();
        foreach (var ours in own)
        {
            var suffix = (own.Count > 1 && ours.Name == "ours, epoll" ? ".epoll" : "") + ticks;
            foreach (var peer in peers)
            {
                list.Add(BenchFigure.Beside($"media.relay.cpu_us_per_packet{suffix}", ours.CpuMicroseconds, "us", peer.Name, peer.CpuMicroseconds));
                list.Add(BenchFigure.Beside($"media.relay.delay_p50_us{suffix}", ours.DelayP50, "us", peer.Name, peer.DelayP50));
                list.Add(BenchFigure.Beside($"media.relay.delay_p99_us{suffix}", ours.DelayP99, "us", peer.Name, peer.DelayP99));
            }
            list.Add(new BenchFigure($"media.relay.loss{suffix}", ours.Lost, "packets"));
        }
        if (figures.Find(f => f.Name.Contains("playing", StringComparison.Ordinal)) is { } playing)
            list.Add(new BenchFigure($"media.relay.delay_p99_us.playing{ticks}", playing.DelayP99, "us"));
        return list;
    }

    // On Linux this pins the main thread, which is the one that generates.
    internal static void Pin(int core)
    {
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux()) self.ProcessorAffinity = 1 << core;
    }
}
