using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickToDial.TestKit.Network;

/// <summary>
/// A stranger who sends INVITEs and nonsense to one address, at an even rate where the machine can, from an address of its own
/// (all of 127.0.0.0/8 is this machine). It counts what it is answered.
/// </summary>
public sealed class UdpFlood : IDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SocketAddress _target;
    private readonly Random _random;
    private readonly Thread _thread;
    private readonly byte[] _buffer = new byte[65536];
    private readonly Dictionary<string, int> _answers = [];
    private readonly string _local;
    private readonly (int Invites, int Garbage) _perRound;
    private readonly ManualResetEventSlim _stop = new();
    private long _sent;

    /// <param name="invites">Per second, in thousands.</param>
    /// <param name="garbage">Per second, in thousands.</param>
    public UdpFlood(IPAddress from, IPEndPoint target, int invites, int garbage, int seed)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target.Serialize();
        _random = new Random(seed);
        _perRound = (invites, garbage);
        _socket.Bind(new IPEndPoint(from, 0));
        _local = _socket.LocalEndPoint!.ToString()!;
        _thread = new Thread(Run) { IsBackground = true, Name = "flood" };
        _thread.Start();
    }

    /// <summary>Datagrams sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>How long it sent; known when it has stopped.</summary>
    public TimeSpan Lasted { get; private set; }

    /// <summary>Ends it. What it was answered by then: "status" or "status Retry-After", and how often.</summary>
    public IReadOnlyDictionary<string, int> Stop()
    {
        _stop.Set();
        _thread.Join();
        return _answers;
    }

    public void Dispose()
    {
        Stop();
        _socket.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var began = Stopwatch.GetTimestamp();
        for (var round = 1; !_stop.IsSet; round++)
        {
            for (var i = 0; i < _perRound.Invites; i++) Send(Invite());
            for (var i = 0; i < _perRound.Garbage; i++) Send(Garbage());
            while (_socket.Available > 0) Note(Encoding.ASCII.GetString(_buffer, 0, _socket.Receive(_buffer)));
            var ahead = (Round * round) - Stopwatch.GetElapsedTime(began);
            if (ahead > Round) _stop.Wait(ahead);
        }
        Lasted = Stopwatch.GetElapsedTime(began);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        _socket.SendTo(datagram, SocketFlags.None, _target);
        Interlocked.Increment(ref _sent);
    }

    private void Note(string answer)
    {
        var words = answer.Split(' ', 3);
        var what = words[0] == "SIP/2.0" && words.Length == 3 ? words[1] : "nonsense";
        if (answer.Contains("\r\nRetry-After:", StringComparison.OrdinalIgnoreCase)) what += " Retry-After";
        _answers[what] = _answers.GetValueOrDefault(what) + 1;
    }

    private byte[] Invite() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"INVITE sip:101@flood.example SIP/2.0\r\nVia: SIP/2.0/UDP {_local};branch=z9hG4bK{_sent};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:stranger@flood.example>;tag={_sent}\r\nTo: <sip:101@flood.example>\r\nCall-ID: flood-{_sent}\r\nCSeq: 1 INVITE\r\n"
        + $"Contact: <sip:stranger@{_local}>\r\nContent-Length: 0\r\n\r\n"));

    // Noise, and the beginnings of messages.
    private byte[] Garbage()
    {
        if (_random.Next(2) == 0) return Invite().AsSpan(0, _random.Next(4, 120)).ToArray();
        var noise = new byte[_random.Next(1, 1200)];
        _random.NextBytes(noise);
        return noise;
    }
}
