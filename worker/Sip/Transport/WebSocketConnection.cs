using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// One socket: a loop that reads and a loop that writes; either ending ends both. One WebSocket message is one SIP message,
/// text or binary (RFC 7118 section 5), so it is read like a datagram. Its size is checked fragment by fragment.
/// </summary>
internal sealed class WebSocketConnection(
    WebSocket socket, SipFlow flow, TcpSettings settings, ISipTransportSink sink, CancellationTokenSource ending)
{
    private readonly Channel<byte[]> _queue =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(settings.MaxQueuedMessages) { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastProgress = settings.Time.GetTimestamp();
    private volatile bool _isInMessage;

    public Task Completion => _ended.Task;

    /// <summary>True when a message, or the next one, took too long.</summary>
    public bool IsOverdue =>
        settings.Time.GetElapsedTime(Volatile.Read(ref _lastProgress)) > (_isInMessage ? settings.MessageTimeout : settings.IdleTimeout);

    public bool TrySend(ReadOnlySpan<byte> message) => _queue.Writer.TryWrite(message.ToArray());

    public void Abort()
    {
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Already ended by itself.
        }
    }

    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(EndingBoth(ReadAsync), EndingBoth(WriteAsync));
            SipLog.ConnectionClosed(settings.Logger, flow);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or TimeoutException)
        {
            SipLog.ConnectionEnded(settings.Logger, flow, (e.InnerException as SocketException)?.SocketErrorCode ?? SocketError.Shutdown);
        }
        finally
        {
            _queue.Writer.TryComplete();
            socket.Abort(); // After a proper closing it does nothing.
            _ended.SetResult();
        }
    }

    private async Task EndingBoth(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(ending.Token);
        }
        finally
        {
            _queue.Writer.TryComplete();
            await ending.CancelAsync();
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        var most = settings.Limits.MaxMessageBytes + 1; // One more than allowed, to see that it is too much.
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var length = 0;
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(length, Math.Min(buffer.Length, most) - length), stop);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, stop);
                break;
            }
            length += got.Count;
            Track(!got.EndOfMessage);
            if (length > settings.Limits.MaxMessageBytes)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, stop);
                break;
            }
            if (!got.EndOfMessage)
            {
                if (length == buffer.Length) buffer = Larger(buffer);
                continue;
            }
            await DeliverAsync(buffer.AsMemory(0, length), stop);
            length = 0;
        }
        ArrayPool<byte>.Shared.Return(buffer); // Not after a failure: a read given up may still write into it.
    }

    // Most sockets never need more than the first size: a browser that waits for calls costs little.
    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async ValueTask DeliverAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var verdict = MessageParser.ParseDatagram(bytes.Span, settings.Limits, out var message);
        if (verdict == ParseVerdict.KeepAlive && bytes.Span.SequenceEqual("\r\n\r\n"u8)) TrySend("\r\n"u8); // RFC 5626 section 4.4.1.
        if (verdict != ParseVerdict.Message) return;
        settings.Trace?.OnMessage(false, flow, bytes.Span);
        while (!sink.OnMessage(message!, flow)) await Task.Delay(TimeSpan.FromMilliseconds(10), settings.Time, stop);
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        await foreach (var message in _queue.Reader.ReadAllAsync(stop))
        {
            settings.Trace?.OnMessage(true, flow, message);
            // Text where it is text, as browsers expect; a body may hold anything (RFC 7118 section 5).
            var type = System.Text.Unicode.Utf8.IsValid(message) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
            await socket.SendAsync(message, type, endOfMessage: true, stop).WaitAsync(settings.MessageTimeout, settings.Time, stop);
        }
    }

    // A peer that does not answer the closing is not waited for.
    private async Task CloseAsync(WebSocketCloseStatus status, CancellationToken stop)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(status, null, stop);
    }

    private void Track(bool inMessage)
    {
        if (!inMessage || !_isInMessage) Volatile.Write(ref _lastProgress, settings.Time.GetTimestamp());
        _isInMessage = inMessage;
    }
}
