using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Rtp;
using ClickToDial.Sip.Messages;

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

    /// <summary>Sends a tone, as early sound is sent, until it is stopped.</summary>
    /// <param name="to">Whose description says where.</param>
    public async Task SpeakAsync(SipMessage to, double hertz, CancellationToken stop)
    {
        var port = Encoding.ASCII.GetString(to.Body.Span).Split("m=audio ")[1].Split(' ')[0];
        var remote = new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        var tone = new TestKit.Audio.Tone(hertz);
        var samples = new short[PacketSamples];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (ushort sequence = 0; !stop.IsCancellationRequested; sequence++)
        {
            tone.Fill(samples);
            var packet = new byte[HeaderLength + PacketSamples];
            RtpHeader.Write(packet, 8, marker: sequence == 0, sequence, (uint)(sequence * PacketSamples), 0xEA4);
            for (var i = 0; i < PacketSamples; i++) packet[HeaderLength + i] = G711.EncodeALaw(samples[i]);
            await _socket.SendAsync(packet, remote, CancellationToken.None);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _socket.Dispose();
}
