using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Browser;

/// <summary>A page's socket for remote control: sends frames as text, and keeps all that comes.</summary>
public sealed class RemotePage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Task _reading;

    private RemotePage(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    public EventLog<JsonNode> Frames { get; } = new("frames at the page");

    /// <summary>Why the worker closed the socket; empty when it broke.</summary>
    public TaskCompletionSource<string> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="worker">The worker's HTTP address.</param>
    /// <param name="query">Behind the path, such as <c>?domain=d&amp;user=u</c>.</param>
    /// <exception cref="WebSocketException">The upgrade is refused; the message names the status.</exception>
    public static async Task<RemotePage> OpenAsync(Uri worker, string query, Action<ClientWebSocketOptions>? with = null)
    {
        var socket = new ClientWebSocket();
        with?.Invoke(socket.Options);
        using var patience = new CancellationTokenSource(Patience.Step);
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(worker, "/websocket" + query)) { Scheme = worker.Scheme == "https" ? "wss" : "ws" }.Uri, patience.Token);
            return new RemotePage(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string frame, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(frame).AsMemory(), type, endOfMessage: true, CancellationToken.None).AsTask();

    /// <summary>Waits for a frame of that action.</summary>
    public Task<JsonNode> FrameAsync(string action, Func<JsonNode, bool>? match = null, int from = 0) =>
        Frames.WaitAsync(f => (string?)f["action"] == action && match?.Invoke(f) != false, action, from: from);

    /// <summary>Waits until the page is told of calls as expected.</summary>
    public Task<JsonNode> CallsAsync(Func<JsonArray, bool> match, int from = 0) => FrameAsync("call-state", f => match(f["calls"]!.AsArray()), from);

    /// <summary>Waits for a refusal of that action.</summary>
    public async Task<string> RefusedAsync(string action, int from = 0) =>
        (await FrameAsync("refused", f => (string?)f["of"] == action, from))["reason"]!.GetValue<string>();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            for (var length = 0; ;)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType is WebSocketMessageType.Close) break;
                length += part.Count;
                if (!part.EndOfMessage) continue;
                Frames.Append(JsonNode.Parse(buffer.AsSpan(0, length))!);
                length = 0;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It broke: told below.
        }
        Frames.Close("the socket is closed");
        Closed.TrySetResult(_socket.CloseStatusDescription ?? "");
    }
}
