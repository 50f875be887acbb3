using System.Diagnostics;
using System.Globalization;
using ClickToDial.Media.Plane;

namespace ClickToDial.Benchmarks.Media;

/// <summary>One server's figures in a round, or their medians over all rounds. Sleeps are how often its threads gave the processor up, per packet.</summary>
internal sealed record RelayFigures(string Name, double CpuMicroseconds, double SleepsPerPacket, double DelayP50, double DelayP99, long Lost, double Unmeasured);

/// <summary>
/// The relay under 400 streams of 50 packets/s of 172 octets: each server its own process on one processor, the generator on
/// the other, one after the other in each round.
/// </summary>
internal static class MediaBenchmark
{
    private const int Phones = 400;

    // Reports begin one to three seconds after the start, and what they run is then compiled twice on the server's processor.
    internal static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

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
                    if (Measure(name, start, generator, TimeSpan.FromSeconds(seconds)) is { } result) results[name].Add(result);
                }
            }
            figures.AddRange(servers.Where(server => results[server.Name].Count > 0).Select(server => Median(server.Name, results[server.Name])));
        }
        Print(figures, seconds, rounds);
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

    private static RelayFigures? Measure(string name, Func<Server?> start, LoadGenerator generator, TimeSpan measured)
    {
        try
        {
            using var server = start();
            if (server is null) return null;
            var ports = server.SetUp(generator.Ports);
            ProcessCpu before = default, used = default;
            var result = generator.Run(ports, WarmUp, measured, ended =>
            {
                if (!ended) Urgency.Raise();
                if (ended) used = ProcessCpu.Of(server.Process) - before;
                else before = ProcessCpu.Of(server.Process);
                if (ended) Urgency.Lower();
            });
            var packets = (double)Math.Max(1, result.Received);
            return new RelayFigures(name, used.Seconds * 1e6 / packets, used.Sleeps / packets, result.DelayP50, result.DelayP99, result.Lost, result.Unmeasured);
        }
        catch (InvalidOperationException reason)
        {
            Console.Error.WriteLine($"{name} could not be measured: {reason.Message}");
            return null;
        }
    }

    private static RelayFigures Median(string name, List<RelayFigures> rounds) => new(
        name,
        Middle(rounds, r => r.CpuMicroseconds),
        Middle(rounds, r => r.SleepsPerPacket),
        Middle(rounds, r => r.DelayP50),
        Middle(rounds, r => r.DelayP99),
        rounds.Max(r => r.Lost),
        Middle(rounds, r => r.Unmeasured));

    private static double Middle(List<RelayFigures> rounds, Func<RelayFigures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private static void Print(List<RelayFigures> figures, int seconds, int rounds)
    {
        Console.WriteLine($"Relay of {Phones} streams, 50 packets/s of 172 octets each; medians of {rounds} rounds of {seconds} s");
        var rows = new List<string[]> { new[] { "server", "CPU us/packet", "sleeps/packet", "delay p50 us", "p99 us", "lost", "unmeasured %" } };
        rows.AddRange(figures.Select(f => new[]
        {
            f.Name, Report.Number(f.CpuMicroseconds, 2), Report.Number(f.SleepsPerPacket, 2), Report.Number(f.DelayP50, 0), Report.Number(f.DelayP99, 0), Report.Number(f.Lost, 0), Report.Number(100 * f.Unmeasured, 1),
        }));
        Report.Print(rows);
    }

    // The engine a start would choose goes by the plain metric names; the fallback has its own.
    private static List<BenchFigure> Compare(List<RelayFigures> figures)
    {
        var list = new List<BenchFigure>();
        var peers = figures.Where(f => !f.Name.StartsWith("ours", StringComparison.Ordinal)).ToList();
        var own = figures.Where(f => f.Name is "ours, io_uring" or "ours, epoll").ToList();
        foreach (var ours in own)
        {
            var suffix = own.Count > 1 && ours.Name == "ours, epoll" ? ".epoll" : "";
            foreach (var peer in peers)
            {
                list.Add(BenchFigure.Beside($"media.relay.cpu_us_per_packet{suffix}", ours.CpuMicroseconds, "us", peer.Name, peer.CpuMicroseconds));
                list.Add(BenchFigure.Beside($"media.relay.delay_p50_us{suffix}", ours.DelayP50, "us", peer.Name, peer.DelayP50));
                list.Add(BenchFigure.Beside($"media.relay.delay_p99_us{suffix}", ours.DelayP99, "us", peer.Name, peer.DelayP99));
            }
            list.Add(new BenchFigure($"media.relay.loss{suffix}", ours.Lost, "packets"));
        }
        if (figures.Find(f => f.Name.Contains("playing", StringComparison.Ordinal)) is { } playing)
            list.Add(new BenchFigure("media.relay.delay_p99_us.playing", playing.DelayP99, "us"));
        return list;
    }

    // On Linux this pins the main thread, which is the one that generates.
    internal static void Pin(int core)
    {
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux()) self.ProcessorAffinity = 1 << core;
    }
}
