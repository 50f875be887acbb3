using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>
/// SIP over UDP as a simple phone does it: requests are repeated until they are answered, a repeated request gets the answer
/// it got before. Messages are read and written by the product's parser; transactions are the phone's own.
/// </summary>
internal sealed class PhoneWire : IAsyncDisposable
{
    private static readonly TimeSpan FirstRepetition = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly IPAddress? _claimed;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SipResponse>> _asked = new();
    private readonly ConcurrentDictionary<string, byte[]> _answered = new();
    private readonly Action<SipRequest, IPEndPoint> _onRequest;
    private readonly Task _receiving;

    /// <param name="claimed">What it says its address is; null says the truth.</param>
    public PhoneWire(IPEndPoint address, Action<SipRequest, IPEndPoint> onRequest, IPAddress? claimed = null)
    {
        _onRequest = onRequest;
        _claimed = claimed;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(address);
        _receiving = ReceiveAsync();
    }

    /// <summary>The address that it tells others.</summary>
    public IPEndPoint ToldAddress => new(_claimed ?? LocalAddress.Address, LocalAddress.Port);

    public IPEndPoint LocalAddress => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The start line of every message, with the direction.</summary>
    public EventLog<string> Messages { get; } = new("SIP messages");

    /// <summary>A request with the headers that every request has.</summary>
    public SipRequest NewRequest(SipMethod method, SipUri uri, string from, string to, string callId, uint number)
    {
        var request = new SipRequest(method, uri);
        request.Headers
            .Add(HeaderName.Via, $"SIP/2.0/UDP {ToldAddress};rport;branch={Via.MagicCookie}{RandomNumberGenerator.GetHexString(16)}")
            .Add(HeaderName.MaxForwards, "70")
            .Add(HeaderName.From, from)
            .Add(HeaderName.To, to)
            .Add(HeaderName.CallId, callId)
            .Add(HeaderName.CSeq, $"{number} {method.Name}");
        return request;
    }

    /// <summary>Sends until a final response comes.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<SipResponse> AskAsync(SipRequest request, IPEndPoint target)
    {
        var key = Key(request.TopVia, request.Method);
        var answer = new TaskCompletionSource<SipResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[key] = answer;
        using var patience = new CancellationTokenSource(Patience.Step);
        try
        {
            await RepeatAsync(request, target, answer.Task, patience.Token);
            return await answer.Task.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No answer to {request.Method.Name}.", e);
        }
        finally
        {
            _asked.TryRemove(key, out _);
        }
    }

    /// <summary>Sends a message until something says that it has arrived.</summary>
    public async Task RepeatAsync(SipMessage message, IPEndPoint target, Task arrived, CancellationToken patience)
    {
        for (var wait = FirstRepetition; !arrived.IsCompleted; wait *= 2)
        {
            Send(message, target);
            await Task.WhenAny(arrived, Task.Delay(wait, patience));
            patience.ThrowIfCancellationRequested();
        }
    }

    public void Send(SipMessage message, IPEndPoint target)
    {
        Messages.Append($"> {StartLine(message)}");
        SendBytes(MessageWriter.ToArray(message), target);
    }

    /// <summary>Answers a request; the same request again gets the same bytes.</summary>
    public void Answer(SipRequest request, SipResponse response, IPEndPoint source)
    {
        Messages.Append($"> {StartLine(response)}");
        var bytes = MessageWriter.ToArray(response);
        _answered[Key(request.TopVia, request.Method)] = bytes;
        SendBytes(bytes, source);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _stop.Dispose();
    }

    private void SendBytes(byte[] bytes, IPEndPoint target)
    {
        try
        {
            _socket.SendTo(bytes, target);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Lost, as any datagram may be.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[65_535];
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stop.Token);
                Take(buffer.AsSpan(0, result.ReceivedBytes), (IPEndPoint)result.RemoteEndPoint);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // An ICMP error of an earlier message, or the end.
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, IPEndPoint source)
    {
        if (MessageParser.ParseDatagram(datagram, SipLimits.Default, out var message) != ParseVerdict.Message) return;
        Messages.Append($"< {StartLine(message!)}");
        if (message is SipResponse response)
        {
            if (!response.IsProvisional && _asked.TryGetValue(Key(response.TopVia, response.CSeq.Method), out var answer))
                answer.TrySetResult(response);
        }
        else if (message is SipRequest request)
        {
            if (_answered.TryGetValue(Key(request.TopVia, request.Method), out var bytes)) SendBytes(bytes, source);
            else _onRequest(request, source);
        }
    }

    private static string Key(Via via, SipMethod method) => $"{via.Branch} {method.Name}";

    private static string StartLine(SipMessage message) => message switch
    {
        SipRequest r => $"{r.Method.Name} {r.Uri}",
        SipResponse r => $"{r.Status} {r.Reason} ({r.CSeq.Method.Name})",
        _ => "",
    };
}
