using System.Net.WebSockets;

namespace ClickToDial.Calls.Edge;

/// <summary>A WebSocket between two workers: frames go out in their order by one writer and come in one after the other.</summary>
internal sealed class EdgeSocket(WebSocket socket)
{
    private readonly TaskCompletionSource<EdgeOutbox> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nothing is read or written any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>From now on sends what waits there. Nobody else may send then.</summary>
    public void Open(EdgeOutbox outbox) => _opened.TrySetResult(outbox);

    /// <summary>Sends a frame of text before it is open.</summary>
    public ValueTask TellAsync(byte[] text, CancellationToken stop) => socket.SendAsync(text.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, stop);

    public void Abort() => socket.Abort();

    /// <summary>Until the socket ends, however it does. Throws only what <paramref name="take"/> throws for reasons of its own.</summary>
    /// <param name="hello">A frame of text that goes first; null for none.</param>
    /// <param name="take">Gets each frame, and whether it is text. Must not keep the memory beyond its end.</param>
    public async Task RunAsync(byte[]? hello, Func<ReadOnlyMemory<byte>, bool, CancellationToken, ValueTask> take, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var writing = Task.CompletedTask;
        try
        {
            if (hello is not null) await TellAsync(hello, ending.Token);
            writing = WriteAsync(ending.Token);
            await ReadAsync(take, ending.Token);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The other end has gone, or this one goes.
        }
        finally
        {
            await ending.CancelAsync();
            socket.Abort();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ended.SetResult();
        }
    }

    private async Task ReadAsync(Func<ReadOnlyMemory<byte>, bool, CancellationToken, ValueTask> take, CancellationToken stop)
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
                await take(buffer.AsMemory(0, length), got.MessageType == WebSocketMessageType.Text, stop);
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
            var outbox = await _opened.Task.WaitAsync(stop);
            await outbox.DrainAsync(
                (frame, isText) => socket.SendAsync(frame.AsMemory(), isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, stop).AsTask(), stop);
        }
        finally
        {
            // Whatever ended it, the reader learns of it and ends too.
            socket.Abort();
        }
    }

    private static bool IsEnd(Exception e) => e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;
}
