using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// One connection: a loop that reads and frames, a loop that writes what is queued. Either ending ends the other, reports the
/// flow as failed, and takes the connection out of its transport.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "RunAsync owns and disposes it as its last act.")]
internal sealed class TcpConnection(
    Socket socket, SipFlow flow, TcpSettings settings, ISipTransportSink sink, Action<TcpConnection> forget)
{
    private static readonly byte[] Pong = "\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(byte[] Bytes, int Length)> _queue =
        Channel.CreateBounded<(byte[], int)>(new BoundedChannelOptions(settings.MaxQueuedMessages) { SingleReader = true });

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
            if (connect) await ConnectAsync();
            connected = true;
            await Task.WhenAll(EndingBoth(ReadAsync), EndingBoth(WriteAsync));
            ok = true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or TimeoutException)
        {
            SipLog.ConnectionEnded(settings.Logger, Flow, (e as SocketException)?.SocketErrorCode ?? SocketError.Shutdown);
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var left)) ArrayPool<byte>.Shared.Return(left.Bytes);
            socket.Dispose();
            forget(this);
            if (connected) sink.OnFlowFailed(Flow);
            else sink.OnConnectFailed(Flow);
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

    private async Task ConnectAsync()
    {
        using var limit = new CancellationTokenSource(settings.ConnectTimeout, settings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        await socket.ConnectAsync(Flow.Remote, both.Token);
        _betweenMessages = true; // Opened by us: the peer owes no first message.
        Progress();
    }

    private async Task ReadAsync()
    {
        using var framer = new StreamFramer(settings.Limits);
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
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
                // No room: stop reading, so that TCP slows the peer down.
                while (!sink.OnMessage(message, Flow)) await Task.Delay(TimeSpan.FromMilliseconds(10), settings.Time, _stop.Token);
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
            try
            {
                settings.Trace?.OnMessage(true, Flow, bytes.AsSpan(0, length));
                await SendAllAsync(bytes.AsMemory(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sending = socket.SendAsync(bytes, SocketFlags.None, _stop.Token);
            var sent = sending.IsCompletedSuccessfully
                ? sending.Result
                : await sending.AsTask().WaitAsync(settings.MessageTimeout, settings.Time, _stop.Token);
            bytes = bytes[sent..];
        }
    }

    private void Progress() => Volatile.Write(ref _lastProgress, settings.Time.GetTimestamp());
}
