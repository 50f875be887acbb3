using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>A port that sound comes to, for a bare SIP end: A-law, told by its tones.</summary>
internal sealed class Ear : IDisposable
{
    private const int HeaderLength = 12;
    private const int PacketSamples = 160;
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly List<short> _window = [];

    /// <summary>An offer that asks for the sound here.</summary>
    public byte[] Sdp(string formats = "8", string lines = "") => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(SipUa.Sdp(formats, lines)).Replace("40000", $"{((IPEndPoint)_socket.Client.LocalEndPoint!).Port}", StringComparison.Ordinal));

    /// <summary>Waits until a fifth of a second is that tone.</summary>
    public async Task HearsAsync(double hertz)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (_window.Count < 10 * PacketSamples || Goertzel.Share(_window.ToArray(), hertz) < 0.8)
        {
            var packet = await _socket.ReceiveAsync(limit.Token);
            if (packet.Buffer.Length != HeaderLength + PacketSamples) continue;
            _window.AddRange(packet.Buffer.Skip(HeaderLength).Select(G711.DecodeALaw));
            if (_window.Count > 10 * PacketSamples) _window.RemoveRange(0, PacketSamples);
        }
    }

    public void Dispose() => _socket.Dispose();
}
