using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Srtp;
using ClickToDial.TestKit.Browser;

namespace ClickToDial.Benchmarks.Media;

/// <summary>One end that speaks SRTP, whatever its keys came by. Driven by the thread of the load alone, once it is connected.</summary>
internal abstract class BenchBrowser : IDisposable
{
    protected const uint Ssrc = 77;

    private readonly byte[] _packet = new byte[256];
    private readonly byte[] _scratch = new byte[2048];
    private Socket? _socket;
    private SrtpSession? _out;
    private long _received;

    /// <summary>Packets of sound that came so far; reports and checks of the connection do not count.</summary>
    public long Received()
    {
        while (_socket!.Available > 0)
            if (_socket.Receive(_scratch) > RtpHeader.FixedLength && _scratch[0] >= 0x80 && _scratch[1] is < 192 or >= 224) _received++;
        return _received;
    }

    public void Send(ushort sequence, uint timestamp, ReadOnlySpan<byte> payload)
    {
        RtpHeader.Write(_packet, 0, false, sequence, timestamp, Ssrc);
        payload.CopyTo(_packet.AsSpan(RtpHeader.FixedLength));
        if (_out!.ProtectRtp(_packet, RtpHeader.FixedLength + payload.Length, out var length) == SrtpVerdict.Accepted) _socket!.Send(_packet.AsSpan(0, length));
    }

    /// <summary>What protects its packets, as SDP names it; once it is connected.</summary>
    public abstract string Suite { get; }

    public abstract void Dispose();

    protected void Use(Socket socket, SrtpSession sender) => (_socket, _out) = (socket, sender);
}

/// <summary>By ICE and DTLS, as a browser.</summary>
internal sealed class DtlsBrowser : BenchBrowser
{
    private readonly WireBrowser _browser = new() { Ssrc = Ssrc };

    public string Offer => Convert.ToBase64String(Encoding.UTF8.GetBytes(_browser.Describe("actpass", codecs: "0")));

    /// <summary>The same for who waits for no candidate to come later; this end begins the handshake.</summary>
    public string PlainOffer => string.Concat(_browser.Describe("active", codecs: "0").Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith("a=ice-options:", StringComparison.Ordinal))
        .Select(line => (line.StartsWith("a=candidate:", StringComparison.Ordinal) ? "a=candidate:1 1 udp 2113937151 127.0.0.1 9 typ host" : line) + "\r\n"));

    public void Connect(string answer) => ConnectAsync(answer).GetAwaiter().GetResult();

    public async Task ConnectAsync(string answer)
    {
        await _browser.ConnectAsync(WireEnd.Read(answer), active: true);
        var (socket, sender) = await _browser.HandOverAsync();
        Use(socket, sender);
    }

    public override string Suite => _browser.Protection?.Suite ?? "none";

    public override void Dispose() => _browser.DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>By keys in the description (RFC 4568): to a relay the same work for each packet.</summary>
internal sealed class SdesBrowser : BenchBrowser
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SdesOffer _offer = new([SrtpProfile.AeadAes128Gcm], RandomNumberGenerator.Fill);
    private SrtpSession? _sender;

    public SdesBrowser() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>It offers nothing else.</summary>
    public override string Suite => SrtpProfile.AeadAes128Gcm.Suite;

    /// <summary>Value of a=crypto.</summary>
    public string Crypto
    {
        get
        {
            Span<char> text = stackalloc char[SdesCrypto.MaxLength];
            return _offer.Lines[0].TryWrite(text, out var length) ? new string(text[..length]) : throw new InvalidOperationException("The key takes no line.");
        }
    }

    public void Connect(int port, string crypto)
    {
        using var agreed = _offer.Accept([crypto]) ?? throw new InvalidOperationException("rtpengine took another suite.");
        _socket.Connect(IPAddress.Loopback, port);
        Use(_socket, _sender = agreed.OpenSender());
    }

    public override void Dispose()
    {
        _socket.Dispose();
        _offer.Dispose();
        _sender?.Dispose();
    }
}

/// <summary>A relay with browsers on one side and phones on the other.</summary>
/// <param name="signalling">What the calls need to go on, where they have any.</param>
internal sealed class BrowserRelay(Server server, IReadOnlyList<BenchBrowser> browsers, IReadOnlyList<int> ports, IAsyncDisposable? signalling = null) : IDisposable
{
    public Server Server => server;

    public IReadOnlyList<BenchBrowser> Browsers => browsers;

    /// <summary>Where each phone sends to.</summary>
    public IReadOnlyList<int> Ports => ports;

    public static BrowserRelay StartOurs(string engine, IReadOnlyList<int> phones)
    {
        var server = new OwnServer("ours", true, "serve-browsers", "--engine", engine);
        var browsers = phones.Select(_ => new DtlsBrowser()).ToList();
        return OrRelease(server, browsers, () =>
        {
            var calls = string.Join(' ', browsers.Select((browser, i) => string.Create(CultureInfo.InvariantCulture, $"{phones[i]},{browser.Offer}")));
            var answers = (server.Ask(calls) ?? throw new InvalidOperationException(server.Process.StandardError.ReadToEnd()))
                .Split(' ').Select(answer => answer.Split(',')).ToList();
            for (var i = 0; i < answers.Count; i++) browsers[i].Connect(Encoding.UTF8.GetString(Convert.FromBase64String(answers[i][1])));
            return [.. answers.Select(answer => int.Parse(answer[0], CultureInfo.InvariantCulture))];
        });
    }

    /// <summary>Null, with the reason on standard error, where there is no rtpengine.</summary>
    public static BrowserRelay? StartRtpengine(int? threads, IReadOnlyList<int> phones)
    {
        if (RtpengineServer.TryStart(threads, out var missing) is not { } server)
        {
            Console.Error.WriteLine($"Missing peer: {missing}");
            return null;
        }
        var browsers = phones.Select(_ => new SdesBrowser()).ToList();
        return OrRelease(server, browsers, () =>
        {
            using var ng = new NgClient(RtpengineServer.ControlPort);
            server.WaitFor(ng);
            var ports = new List<int>();
            for (var i = 0; i < phones.Count; i++)
            {
                var (peer, phone, crypto) = ng.SetUpProtected(string.Create(CultureInfo.InvariantCulture, $"web{i}"), browsers[i].Port, browsers[i].Crypto, phones[i]);
                browsers[i].Connect(peer, crypto);
                ports.Add(phone);
            }
            return ports;
        });
    }

    public void Dispose()
    {
        foreach (var browser in browsers) browser.Dispose();
        server.Dispose();
        signalling?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // A call that cannot be set up leaves no process behind that has the ports of the next round.
    private static BrowserRelay OrRelease(Server server, IReadOnlyList<BenchBrowser> browsers, Func<IReadOnlyList<int>> setUp)
    {
        try
        {
            return new BrowserRelay(server, browsers, setUp());
        }
        catch
        {
            new BrowserRelay(server, browsers, []).Dispose();
            throw;
        }
    }
}
