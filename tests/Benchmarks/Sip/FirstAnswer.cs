using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>Asks a server that is starting for OPTIONS, every two milliseconds, until it answers.</summary>
internal static class FirstAnswer
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Milliseconds from the start of the process to its first 200.</summary>
    /// <param name="began">When the process was asked for.</param>
    /// <param name="log">What is said when it never answers.</param>
    public static double Wait(IPEndPoint server, long began, Func<string> log)
    {
        using var phone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2 };
        phone.Bind(new IPEndPoint(server.Address, 0));
        var own = (IPEndPoint)phone.LocalEndPoint!;
        var answer = new byte[2048];
        for (var attempt = 0; Stopwatch.GetElapsedTime(began) < Limit; attempt++)
        {
            phone.SendTo(Encoding.ASCII.GetBytes(
                $"OPTIONS sip:{server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{own.Port}{attempt};rport\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:bench@{server.Address}>;tag=1\r\nTo: <sip:{server.Address}>\r\nCall-ID: start{attempt}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"), server);
            try
            {
                var length = phone.Receive(answer);
                if (answer.AsSpan(0, length).StartsWith("SIP/2.0 200"u8)) return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
            catch (SocketException)
            {
                // Nobody there yet: the time limit, or an ICMP error.
            }
        }
        throw new InvalidOperationException($"OPTIONS is never answered:\n{log()}");
    }
}
