using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// The relay between browsers and phones: each call is one stream of 50 packets/s of 172 octets each way, opened or protected by AES-GCM.
/// Ours by ICE and DTLS over the shared port, janus's SIP gateway by ICE and DTLS with a port for each, rtpengine by SDES, which spares it both;
/// each a process on one processor.
/// </summary>
internal static class WebRtcBenchmark
{
    private const int Payload = 160;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    /// <param name="Suite">What protects the browsers' packets.</param>
    private sealed record Figures(string Name, string Suite, double CpuMicroseconds, double LostPercent, double LatePercent);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = Report.Option(args, "--seconds", 6);
        var rounds = Report.Option(args, "--rounds", 3);
        var calls = Report.Option(args, "--calls", 200);
        MediaBenchmark.Pin(Server.GeneratorCore);
        Urgency.Wanted = args.Contains("--ahead");
        var only = Report.Option(args, "--only") ?? "";
        (string Name, Func<IReadOnlyList<int>, BrowserRelay?> Start)[] servers =
        [
            ("ours", phones => BrowserRelay.StartOurs("Auto", phones)),
            ("ours, epoll", phones => BrowserRelay.StartOurs("Epoll", phones)),
            ("rtpengine", phones => BrowserRelay.StartRtpengine(null, phones)),
            ("rtpengine, 1 thread", phones => BrowserRelay.StartRtpengine(1, phones)),
            ("janus", phones => JanusRelay.StartAsync(null, phones).GetAwaiter().GetResult()),
            ("janus, 1 loop", phones => JanusRelay.StartAsync(1, phones).GetAwaiter().GetResult()),
        ];
        var results = new List<Figures>();
        for (var round = 0; round < rounds; round++)
            results.AddRange(servers.Where(server => server.Name.Contains(only, StringComparison.Ordinal)).Select(server => Measure(server.Name, server.Start, calls, seconds)).OfType<Figures>());
        var medians = results.GroupBy(figure => figure.Name).Select(Median).ToList();
        Console.WriteLine($"{calls} calls between browsers and phones, 50 packets/s each way; medians of {rounds} rounds of {seconds} s");
        Report.Print([["server", "SRTP", "CPU us/packet", "lost %", "sent late %"], .. medians.Select(f => new[] { f.Name, f.Suite, Report.Number(f.CpuMicroseconds, 2), Report.Number(f.LostPercent, 2), Report.Number(f.LatePercent, 1) })]);
        if (Report.Option(args, "--json") is { } file) await Report.WriteJsonAsync(file, Compare(medians));
        return medians.Exists(figure => figure.Name == "ours") ? 0 : 1;
    }

    private static Figures Median(IGrouping<string, Figures> rounds) => new(
        rounds.Key,
        string.Join(' ', rounds.Select(f => f.Suite).Distinct()),
        rounds.Select(f => f.CpuMicroseconds).Order().ElementAt(rounds.Count() / 2),
        rounds.Select(f => f.LostPercent).Order().ElementAt(rounds.Count() / 2),
        rounds.Select(f => f.LatePercent).Order().ElementAt(rounds.Count() / 2));

    private static List<BenchFigure> Compare(List<Figures> figures) =>
    [
        .. from ours in figures.Where(f => f.Name.StartsWith("ours", StringComparison.Ordinal))
           from peer in figures.Where(f => !f.Name.StartsWith("ours", StringComparison.Ordinal))
           select BenchFigure.Beside(
               ours.Name == "ours" ? "webrtc.relay.cpu_us_per_packet" : "webrtc.relay.cpu_us_per_packet.epoll",
               ours.CpuMicroseconds, "us", peer.Name, peer.CpuMicroseconds),
    ];

    private static Figures? Measure(string name, Func<IReadOnlyList<int>, BrowserRelay?> start, int calls, int seconds)
    {
        var phones = Enumerable.Range(0, calls).Select(_ => Open()).ToArray();
        try
        {
            using var relay = start([.. phones.Select(phone => ((IPEndPoint)phone.LocalEndPoint!).Port)]);
            if (relay is null) return null;
            for (var i = 0; i < calls; i++) phones[i].Connect(IPAddress.Loopback, relay.Ports[i]);
            var load = new Load(relay.Browsers, phones);
            load.Run(MediaBenchmark.WarmUp);
            Urgency.Raise();
            var (sentBefore, lateBefore) = (load.Sent, load.Late);
            var (gotBefore, cpuBefore) = (load.Settle(), ProcessCpu.Of(relay.Server.Process));
            load.Run(TimeSpan.FromSeconds(seconds));
            var (sent, got) = (load.Sent - sentBefore, load.Settle() - gotBefore);
            var cpu = ProcessCpu.Of(relay.Server.Process) - cpuBefore;
            Urgency.Lower();
            var suites = string.Join(' ', relay.Browsers.Select(browser => browser.Suite).Distinct());
            return new Figures(name, suites, cpu.Seconds * 1e6 / Math.Max(1, got), Math.Max(0, 100.0 * (sent - got) / sent), 100.0 * (load.Late - lateBefore) / sent);
        }
        catch (Exception reason) when (reason is InvalidOperationException or InvalidDataException or SocketException or WebSocketException or TimeoutException or OperationCanceledException or IOException)
        {
            Console.Error.WriteLine($"{name} could not be measured: {reason.Message}");
            return null;
        }
        finally
        {
            foreach (var phone in phones) phone.Dispose();
        }
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Both ends of all calls; a call's packets leave at its own place in the 20 ms, as they would.</summary>
    private sealed class Load(IReadOnlyList<BenchBrowser> browsers, Socket[] phones)
    {
        private readonly byte[] _packet = new byte[RtpHeader.FixedLength + Payload];
        private readonly byte[] _scratch = new byte[2048];
        private ushort _sequence;
        private long _atPhones;

        public long Sent { get; private set; }

        /// <summary>Packets that left a while after they should have, so with others: a gift of a batch to every server that takes one.</summary>
        public long Late { get; private set; }

        public long Received()
        {
            foreach (var phone in phones)
                while (phone.Available > 0 && phone.Receive(_scratch) > 0) _atPhones++;
            return _atPhones + browsers.Sum(browser => browser.Received());
        }

        /// <summary>Waits for what is on its way, a moment at most; returns how many have come.</summary>
        public long Settle()
        {
            var clock = Stopwatch.StartNew();
            long got;
            while ((got = Received()) < Sent && clock.Elapsed < Rest) Thread.SpinWait(20);
            return got;
        }

        public void Run(TimeSpan length)
        {
            var clock = Stopwatch.StartNew();
            for (var tick = 0; clock.Elapsed < length; tick++)
            {
                _sequence++;
                for (var i = 0; i < phones.Length; i++)
                {
                    var due = (tick * Pace) + (Pace * ((double)i / phones.Length));
                    while (clock.Elapsed < due) Thread.SpinWait(20); // A sleep would bunch the packets, which makes every server look cheap.
                    if (clock.Elapsed - due > Lateness) Late += 2;
                    Send(i);
                }
                Received();
            }
        }

        private void Send(int call)
        {
            browsers[call].Send(_sequence, _sequence * 160u, _packet.AsSpan(RtpHeader.FixedLength));
            RtpHeader.Write(_packet, 0, false, _sequence, _sequence * 160u, (uint)(1000 + call));
            phones[call].Send(_packet);
            Sent += 2;
        }
    }
}
