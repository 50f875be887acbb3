using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickToDial.Benchmarks.Media;

/// <summary>rtpengine's control protocol: a cookie, a space, and a bencoded dictionary, in one datagram each way.</summary>
internal sealed class NgClient : IDisposable
{
    private readonly UdpClient _socket = new();
    private readonly IPEndPoint _server;
    private int _cookie;

    public NgClient(int port)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        _socket.Client.ReceiveTimeout = 2000;
    }

    /// <summary>Sends a command; returns the answer's text as it came, or null when none came in time.</summary>
    public string? Ask(params (string Key, string Value)[] fields)
    {
        var cookie = string.Create(CultureInfo.InvariantCulture, $"bench{++_cookie}");
        var text = new StringBuilder(cookie).Append(" d");
        foreach (var (key, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal)) text.Append(Bencode(key)).Append(Bencode(value));
        var request = Encoding.UTF8.GetBytes(text.Append('e').ToString());
        _socket.Send(request, request.Length, _server);
        try
        {
            var from = new IPEndPoint(IPAddress.Any, 0);
            return Encoding.UTF8.GetString(_socket.Receive(ref from));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Asks for a call's ports: offer from the first phone, answer from the second.</summary>
    /// <returns>Where the first and the second phone send to.</returns>
    public (int First, int Second) SetUp(string callId, int firstPort, int secondPort)
    {
        var atSecond = Ask(("command", "offer"), ("call-id", callId), ("from-tag", "a"), ("sdp", Sdp(firstPort)));
        var atFirst = Ask(("command", "answer"), ("call-id", callId), ("from-tag", "a"), ("to-tag", "b"), ("sdp", Sdp(secondPort)));
        return (AudioPort(atFirst), AudioPort(atSecond));
    }

    /// <summary>The same between a peer with SRTP, whose key the offer names, and a phone without.</summary>
    /// <param name="crypto">Value of a=crypto.</param>
    /// <returns>Where both send to, and the key for the peer.</returns>
    public (int Peer, int Phone, string Crypto) SetUpProtected(string callId, int peerPort, string crypto, int phonePort)
    {
        var offer = Sdp(peerPort).Replace("RTP/AVP 0", "RTP/SAVP 0", StringComparison.Ordinal) + $"a=crypto:{crypto}\r\n";
        var atPhone = Ask(("command", "offer"), ("call-id", callId), ("from-tag", "a"), ("sdp", offer), ("transport-protocol", "RTP/AVP"), ("ICE", "remove"));
        var atPeer = Ask(("command", "answer"), ("call-id", callId), ("from-tag", "a"), ("to-tag", "b"), ("sdp", Sdp(phonePort)));
        const string mark = "a=crypto:";
        var start = atPeer?.IndexOf(mark, StringComparison.Ordinal) ?? -1;
        if (start < 0) throw new InvalidOperationException($"rtpengine gave no key: {atPeer ?? "no answer"}");
        var line = atPeer![(start + mark.Length)..];
        return (AudioPort(atPeer), AudioPort(atPhone), line[..line.IndexOf('\r')]);
    }

    public void Dispose() => _socket.Dispose();

    private static string Bencode(string text) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:{text}");

    /// <summary>What a phone without SRTP says of itself.</summary>
    internal static string Sdp(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n");

    private static int AudioPort(string? answer)
    {
        const string mark = "m=audio ";
        var start = answer?.IndexOf(mark, StringComparison.Ordinal) ?? -1;
        if (start < 0) throw new InvalidOperationException($"rtpengine refused the call: {answer ?? "no answer"}");
        var rest = answer![(start + mark.Length)..];
        return int.Parse(rest[..rest.IndexOf(' ')], CultureInfo.InvariantCulture);
    }
}
