using System.Globalization;
using System.Net;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// Our relay as a process of its own. Standard input: the ports of the phones, two per call, parted by spaces. Standard
/// output: our port for each of them, in the same order. It ends with its input. With --playing N, it also plays to N of them.
/// </summary>
internal static class RelayServer
{
    public static async Task<int> ServeAsync(string[] args)
    {
        var engine = Enum.Parse<PacketEngine>(Report.Option(args, "--engine") ?? nameof(PacketEngine.Auto));
        var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = engine, Shards = 1 };
        options.CoalesceMicroseconds = Report.Option(args, "--coalesce", options.CoalesceMicroseconds);
        await using var plane = await MediaPlane.StartAsync(options, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        var phones = Ports(await Console.In.ReadLineAsync());
        var ours = new List<int>();
        for (var i = 0; i + 1 < phones.Length; i += 2)
        {
            var first = plane.TryOpenLeg() ?? throw new InvalidOperationException("No port left.");
            var second = plane.TryOpenLeg(beside: first) ?? throw new InvalidOperationException("No port left.");
            first.SetRemote(Agreement(phones[i]));
            second.SetRemote(Agreement(phones[i + 1]));
            first.Bridge(second);
            ours.Add(first.LocalPort);
            ours.Add(second.LocalPort);
        }
        for (var i = 0; i < Report.Option(args, "--playing", 0); i++)
        {
            var player = plane.TryOpenLeg() ?? throw new InvalidOperationException("No port left.");
            player.SetRemote(Agreement(phones[i % phones.Length]));
            player.PlayTone(Tone.Ringback);
        }
        Console.WriteLine(string.Join(' ', ours));
        await Console.In.ReadLineAsync();
        return 0;
    }

    internal static int[] Ports(string? line) =>
        [.. (line ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];

    private static AudioAgreement Agreement(int port) => new(
        IPAddress.Loopback, port, port + 1, RtcpMux: false, MediaDirection.SendRecv, 20, [new NegotiatedCodec(AudioCodec.Pcmu, 0, 0)]);
}
