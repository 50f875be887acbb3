using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport.Tls;

namespace ClickToDial.Sip.Transport;

/// <summary>The transport a connection belongs to.</summary>
internal interface IConnectionOwner
{
    ISipTransportSink Sink { get; }

    void Forget(TcpConnection connection);

    /// <summary>Requests to this address may take the connection, if it speaks for the name they are for.</summary>
    void Alias(TcpConnection connection, IPEndPoint address);
}

/// <summary>
/// One connection: a loop that reads and frames, a loop that writes what is queued. Either ending ends the other, reports the
/// flow as failed, and takes the connection out of its transport.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "RunAsync owns and disposes it as its last act.")]
internal sealed class TcpConnection(
    Socket socket, SipFlow flow, TcpSettings settings, IStreamSecurity? security, IConnectionOwner owner)
{
    private static readonly byte[] Pong = "\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(byte[] Bytes, int Length)> _queue =
        Channel.CreateBounded<(byte[], int)>(new BoundedChannelOptions(settings.MaxQueuedMessages) { SingleReader = true });

    private readonly ISipTransportSink _sink = owner.Sink;
    private Stream _stream = Stream.Null;
    private X509Certificate2? _peer;
    private X509Certificate2? _proof; // The same, of one who connected to us.
    private long _lastProgress = settings.Time.GetTimestamp();
    private volatile bool _betweenMessages;

    public SipFlow Flow { get; } = flow;

    /// <summary>Ends when both loops did.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>True when a message, or the next one, took too long.</summary>
    public bool IsOverdue =>
        settings.Time.GetElapsedTime(Volatile.Read(ref _lastProgress)) > (_betweenMessages ? settings.IdleTimeout : settings.MessageTimeout);

    public void Start(bool connect) => Completion = Task.Run(() => RunAsync(connect));

    /// <summary>Queues a copy; false when the queue is full or the connection is closing.</summary>
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        var copy = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(copy);
        if (_queue.Writer.TryWrite((copy, message.Length))) return true;
        ArrayPool<byte>.Shared.Return(copy);
        return false;
    }

    /// <summary>True when the peer connected to us and its certificate is one for this name.</summary>
    public bool SpeaksFor(string host) => _proof is { } proof && SipDomain.Matches(proof, host);

    /// <summary>True when the peer, whoever of us connected, has shown a certificate for this name.</summary>
    public bool HasProved(string host) => _peer is { } peer && SipDomain.Matches(peer, host);

    public void Close()
    {
        _queue.Writer.TryComplete();
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Already ended by itself.
        }
    }

    private async Task RunAsync(bool connect)
    {
        var ok = false;
        var connected = !connect;
        try
        {
            await OpenAsync(connect);
            connected = true;
            await Task.WhenAll(EndingBoth(ReadAsync), EndingBoth(WriteAsync));
            ok = true;
        }
        catch (AuthenticationException e)
        {
            // Ours are as many as our calls and worth a line; strangers could fill the log.
            if (connect) SipLog.HandshakeFailed(settings.Logger, Flow, e.Message);
            else SipLog.PeerHandshakeFailed(settings.Logger, Flow, e.Message);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException or TimeoutException)
        {
            var cause = e as SocketException ?? e.InnerException as SocketException;
            SipLog.ConnectionEnded(settings.Logger, Flow, cause?.SocketErrorCode ?? SocketError.Shutdown);
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var left)) ArrayPool<byte>.Shared.Return(left.Bytes);
            await _stream.DisposeAsync();
            socket.Dispose();
            owner.Forget(this);
            if (connected) _sink.OnFlowFailed(Flow);
            else _sink.OnConnectFailed(Flow);
            _stop.Dispose();
            if (ok) SipLog.ConnectionClosed(settings.Logger, Flow);
        }
    }

    private async Task EndingBoth(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        finally
        {
            Close();
        }
    }

    private async Task OpenAsync(bool connect)
    {
        using var limit = new CancellationTokenSource(connect ? settings.ConnectTimeout : settings.MessageTimeout, settings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        if (connect) await socket.ConnectAsync(Flow.Remote, both.Token);
        _stream = new NetworkStream(socket, ownsSocket: false);
        if (security is not null) _stream = await security.SecureAsync(_stream, Flow, connect, both.Token);
        // What does not hold was refused in the handshake; who was asked for no certificate has shown none.
        if (_stream is SslStream secured) _peer = secured.RemoteCertificate as X509Certificate2;
        if (!connect) _proof = _peer;
        _betweenMessages = connect; // Opened by us: the peer owes no first message.
        if (connect) Progress();
    }

    private async Task ReadAsync()
    {
        using var framer = new StreamFramer(settings.Limits);
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            while (true)
            {
                var length = await _stream.ReadAsync(buffer, _stop.Token);
                if (length == 0 || !await FeedAsync(framer, buffer.AsMemory(0, length))) return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> FeedAsync(StreamFramer framer, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var verdict = framer.Push(bytes.Span, out var consumed);
            bytes = bytes[consumed..];
            if (framer.Message is { } message)
            {
                settings.Trace?.OnMessage(false, Flow, MessageWriter.ToArray(message));
                if (_proof is not null) OfferAlias(message);
                // No room: stop reading, so that TCP slows the peer down.
                while (!_sink.OnMessage(message, Flow)) await Task.Delay(TimeSpan.FromMilliseconds(10), settings.Time, _stop.Token);
            }
            if (verdict == FrameVerdict.Broken)
            {
                SipLog.StreamBroken(settings.Logger, Flow);
                await FlushAsync(framer.Message is not null);
                return false;
            }
            if (verdict == FrameVerdict.Ping) TrySend(Pong);
            Track(verdict, framer.IsIdle);
        }
        return true;
    }

    // The clock of a message starts with its first byte; between messages only the idle limit counts.
    private void Track(FrameVerdict verdict, bool idle)
    {
        var whole = verdict is FrameVerdict.Message or FrameVerdict.Ping;
        if (whole || (_betweenMessages && !idle)) Progress();
        _betweenMessages = idle && (whole || _betweenMessages);
    }

    // A refusal of the broken message is still on its way through the stack: give it a moment to be queued and written.
    private Task FlushAsync(bool answerExpected) =>
        answerExpected ? Task.Delay(TimeSpan.FromMilliseconds(200), settings.Time, _stop.Token) : Task.CompletedTask;

    private async Task WriteAsync()
    {
        await foreach (var (bytes, length) in _queue.Reader.ReadAllAsync(_stop.Token))
        {
            settings.Trace?.OnMessage(true, Flow, bytes.AsSpan(0, length));
            await SendAllAsync(bytes.AsMemory(0, length));
            ArrayPool<byte>.Shared.Return(bytes); // Not after a failure: a write given up may still look at it.
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        var writing = _stream.WriteAsync(bytes, _stop.Token);
        if (!writing.IsCompletedSuccessfully) await writing.AsTask().WaitAsync(settings.MessageTimeout, settings.Time, _stop.Token);
    }

    // RFC 5923 section 5: only a peer that proved its name may have requests to that name sent down its own connection. On
    // bare TCP anybody could take another's calls that way, so there the parameter is not obeyed.
    private void OfferAlias(SipMessage message)
    {
        if (message is not SipRequest { Defect: MessageDefect.None } request || request.Headers.GetList(HeaderName.Via).Count != 1) return;
        var via = request.TopVia;
        if (!via.Parameters.Has("alias") || !SpeaksFor(via.Host)) return;
        owner.Alias(this, new IPEndPoint(Flow.Remote.Address, via.Port > 0 ? via.Port : SipTransports.DefaultPort(Flow.Kind)));
    }

    private void Progress() => Volatile.Write(ref _lastProgress, settings.Time.GetTimestamp());
}
