using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ClickToDial.Benchmarks.Media;

/// <summary>janus's control protocol: JSON frames over a WebSocket, one after the other. Each call has a handle of its own at the SIP plugin.</summary>
internal sealed class JanusClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _transaction;
    private long _session;

    private JanusClient() => _socket.Options.AddSubProtocol("janus-protocol");

    /// <summary>Asks until it listens, and opens a session.</summary>
    public static async Task<JanusClient> ConnectAsync(JanusServer server)
    {
        for (var attempt = 0; ; attempt++)
        {
            var client = new JanusClient();
            try
            {
                await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{JanusServer.ControlPort}/"), CancellationToken.None).WaitAsync(Limit);
                client._session = await client.AskAsync(new JsonObject { ["janus"] = "create" });
                return client;
            }
            catch (WebSocketException) when (attempt < 50 && !server.Process.HasExited)
            {
                client.Dispose();
                await Task.Delay(100);
            }
            catch (Exception reason)
            {
                client.Dispose();
                if (reason is not WebSocketException) throw;
                throw new InvalidOperationException($"janus does not listen: {server.Log}", reason);
            }
        }
    }

    /// <summary>A call from a browser to a SIP address, by a guest, whom no registrar knows.</summary>
    /// <param name="offer">The browser's description.</param>
    /// <returns>Its answer to the browser.</returns>
    public async Task<string> CallAsync(string user, string target, string offer)
    {
        var handle = await AskAsync(new JsonObject { ["janus"] = "attach", ["plugin"] = "janus.plugin.sip" });
        await TellAsync(handle, new JsonObject { ["request"] = "register", ["type"] = "guest", ["username"] = $"sip:{user}@127.0.0.1" });
        await HearAsync(handle, "registered");
        await TellAsync(
            handle,
            new JsonObject { ["request"] = "call", ["uri"] = target },
            new JsonObject { ["type"] = "offer", ["sdp"] = offer, ["trickle"] = false });
        var accepted = await HearAsync(handle, "accepted");
        return accepted["jsep"]?["sdp"]?.GetValue<string>() ?? throw new InvalidOperationException($"janus gave no description: {accepted}");
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Asks for something that has an id.</summary>
    private async Task<long> AskAsync(JsonObject frame)
    {
        var transaction = await SendAsync(frame);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (answer["transaction"]?.GetValue<string>() != transaction) continue;
            return answer["data"]?["id"]?.GetValue<long>() ?? throw new InvalidOperationException($"janus refused: {answer}");
        }
    }

    private Task<string> TellAsync(long handle, JsonObject body, JsonObject? description = null)
    {
        var frame = new JsonObject { ["janus"] = "message", ["handle_id"] = handle, ["body"] = body };
        if (description is not null) frame["jsep"] = description;
        return SendAsync(frame);
    }

    /// <summary>Waits for an event of a handle; what else it and others say meanwhile is passed over, but for failures of its own.</summary>
    private async Task<JsonObject> HearAsync(long handle, string wanted)
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            if (frame["sender"]?.GetValue<long>() != handle || frame["plugindata"]?["data"] is not { } data) continue;
            var told = data["result"]?["event"]?.GetValue<string>();
            if (told == wanted) return frame;
            if (data["error"] is not null || told is "hangup" or "registration_failed") throw new InvalidOperationException($"janus ended a call: {data}");
        }
    }

    private async Task<string> SendAsync(JsonObject frame)
    {
        var transaction = string.Create(CultureInfo.InvariantCulture, $"bench{++_transaction}");
        frame["transaction"] = transaction;
        if (_session != 0) frame["session_id"] = _session;
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        return transaction;
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException("janus hung up its WebSocket.");
            if (part.EndOfMessage) return JsonNode.Parse(_buffer.AsSpan(0, length))!.AsObject();
        }
    }
}
