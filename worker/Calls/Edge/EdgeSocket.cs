using System.Net.WebSockets;
using System.Threading.Channels;

namespace ClickToDial.Calls.Edge;

/// <summary>One frame that waits to be sent.</summary>
/// <param name="Make">Makes it when its turn has come, so that what it tells is not out of date; null where <paramref name="Frame"/> is the frame.</param>
internal readonly record struct EdgeItem(byte[]? Frame, Func<byte[]?>? Make = null);

/// <summary>
/// A WebSocket between two workers: frames go out in their order by one writer and come in one after the other. Messages beyond a limit
/// are refused, as a transport that is full refuses them; news is not, as each user waits at most once.
/// </summary>
internal sealed class EdgeSocket(WebSocket socket)
{
    private const int MostMessages = 8192;

    private readonly Channel<EdgeItem> _out = Channel.CreateUnbounded<EdgeItem>(new UnboundedChannelOptions { SingleReader = true });
    private int _messages;

    /// <summary>A frame of binary; false when too many wait, or the socket has ended.</summary>
    public bool TrySend(byte[] frame)
    {
        if (Interlocked.Increment(ref _messages) <= MostMessages && _out.Writer.TryWrite(new EdgeItem(frame))) return true;
        Interlocked.Decrement(ref _messages);
        return false;
    }

    /// <summary>A frame of text that is made when its turn has come; null then sends nothing.</summary>
    public void Tell(Func<byte[]?> make) => _out.Writer.TryWrite(new EdgeItem(null, make));

    /// <summary>Until the socket ends, however it does.</summary>
    /// <param name="take">Gets each frame, and whether it is text. Must not keep the memory.</param>
    public async Task RunAsync(Action<ReadOnlyMemory<byte>, bool> take, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var writing = WriteAsync(ending.Token);
        try
        {
            await ReadAsync(take, ending.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other end has gone, or this one goes.
        }
        finally
        {
            _out.Writer.TryComplete();
            await ending.CancelAsync();
            await writing;
            socket.Abort();
        }
    }

    private async Task ReadAsync(Action<ReadOnlyMemory<byte>, bool> take, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            if (got.MessageType == WebSocketMessageType.Close) return;
            length += got.Count;
            if (got.EndOfMessage)
            {
                take(buffer.AsMemory(0, length), got.MessageType == WebSocketMessageType.Text);
                length = 0;
            }
            else if (length == buffer.Length)
            {
                if (length >= EdgeFrame.Longest) return;
                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var item in _out.Reader.ReadAllAsync(stop))
            {
                if (item.Frame is not null) Interlocked.Decrement(ref _messages);
                if ((item.Frame ?? item.Make!()) is not { Length: <= EdgeFrame.Longest } frame) continue;
                await socket.SendAsync(frame, item.Frame is null ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, stop);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The reader learns of it too, and ends.
            socket.Abort();
        }
    }
}
