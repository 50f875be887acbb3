using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Benchmarks.Media;

/// <summary>The signalling of many phones at one address: each call is answered at once, with the port of sound that its user part names.</summary>
internal sealed class SipPhones : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _callers = new(StringComparer.Ordinal);
    private readonly Task _receiving;

    public SipPhones() => _receiving = ReceiveAsync();

    /// <summary>What to call to have a phone with this port of sound.</summary>
    public string Target(int port) => string.Create(CultureInfo.InvariantCulture, $"sip:{port}@{_socket.Client.LocalEndPoint}");

    /// <summary>Where the caller of a phone wants its sound.</summary>
    /// <exception cref="InvalidOperationException">Nobody called it, or without sound.</exception>
    public int CallerOf(int port) => _callers.TryGetValue(port.ToString(CultureInfo.InvariantCulture), out var caller)
        ? caller
        : throw new InvalidOperationException($"No call reached the phone at {port}.");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var datagram = await _socket.ReceiveAsync(_stop.Token);
                if (MessageParser.ParseDatagram(datagram.Buffer, SipLimits.Default, out var message) == ParseVerdict.Message
                    && message is SipRequest request && request.Method != SipMethod.Ack)
                    await _socket.SendAsync(MessageWriter.ToArray(Answer(request)), datagram.RemoteEndPoint, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // An ICMP error, or the end.
            }
        }
    }

    private SipResponse Answer(SipRequest request)
    {
        var response = new SipResponse(200, "OK", new SipHeaders(8));
        foreach (var name in (HeaderName[])[HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq])
            response.Headers.CopyFrom(request.Headers, name);
        if (request.To.Tag is null) response.Headers.Set(HeaderName.To, request.To.WithTag("phone").ToString());
        if (request.Method != SipMethod.Invite || request.Uri.User is not { } port) return response;
        if (SessionDescription.TryParse(request.Body.Span, out var offer) == SdpVerdict.Ok) _callers[port] = offer!.Media[0].Port;
        response.Headers.Add(HeaderName.Contact, $"<sip:{port}@{_socket.Client.LocalEndPoint}>");
        response.SetBody(Encoding.ASCII.GetBytes(NgClient.Sdp(int.Parse(port, CultureInfo.InvariantCulture))), SessionDescription.ContentType);
        return response;
    }
}
