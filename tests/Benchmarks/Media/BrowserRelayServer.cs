using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// Our relay between browsers and phones as a process of its own. Standard input: for each call the phone's port, a comma and the browser's
/// offer in base64, parted by spaces. Standard output: our port for the phone, a comma and the answer, in the same order.
/// </summary>
internal static class BrowserRelayServer
{
    public static async Task<int> ServeAsync(string[] args)
    {
        var engine = Enum.Parse<PacketEngine>(Report.Option(args, "--engine") ?? nameof(PacketEngine.Auto));
        var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = engine, Shards = 1, BrowserPort = FreePort(), BrowserTcp = false };
        await using var plane = await MediaPlane.StartAsync(options, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        var answers = new List<string>();
        foreach (var call in (await Console.In.ReadLineAsync() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var comma = call.IndexOf(',', StringComparison.Ordinal);
            answers.Add(Join(plane, int.Parse(call.AsSpan(0, comma), CultureInfo.InvariantCulture), Convert.FromBase64String(call[(comma + 1)..])));
        }
        Console.WriteLine(string.Join(' ', answers));
        await Console.In.ReadLineAsync();
        return 0;
    }

    // Another program may have the usual one.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Join(MediaPlane plane, int phonePort, byte[] offered)
    {
        if (SessionDescription.TryParse(offered, out var offer) != SdpVerdict.Ok) throw new InvalidOperationException("No offer.");
        var browser = plane.TryOpenLeg() ?? throw new InvalidOperationException("No port left.");
        var phone = plane.TryOpenLeg(beside: browser) ?? throw new InvalidOperationException("No port left.");
        var peer = BrowserSdp.PeerOf(offer!, isOffer: true)!;
        var end = browser.OpenToBrowser(peer.Fragment)!;
        var answer = OfferAnswer.Answer(BrowserSdp.ToPlain(offer!), new LocalAudio(plane.Address, browser.LocalPort, 1), [AudioCodec.Pcmu]);
        browser.SetRemote(answer.Agreement!, peer);
        phone.SetRemote(new AudioAgreement(
            IPAddress.Loopback, phonePort, phonePort + 1, RtcpMux: false, MediaDirection.SendRecv, 20, [new NegotiatedCodec(AudioCodec.Pcmu, 0, 0)]));
        browser.Bridge(phone);
        var text = BrowserSdp.Answer(answer.Answer!, end, peer, offer!).ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{phone.LocalPort},{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}");
    }
}
