using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Baresip;

/// <summary>Baresip's control socket: JSON in netstrings ("length:text,"), commands one way, events the other.</summary>
internal sealed class BaresipControl : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly EventLog<BaresipEvent> _events;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    private BaresipControl(EventLog<BaresipEvent> events) => _events = events;

    public static async Task<BaresipControl> ConnectAsync(int port, EventLog<BaresipEvent> events)
    {
        var control = new BaresipControl(events);
        await control._client.ConnectAsync("127.0.0.1", port);
        control._reading = control.ReadAsync();
        // Events go only to a connection that baresip has taken up, which an answer proves; the system connects before that.
        await control.CommandAsync("about");
        await control._answered.Task.WaitAsync(Patience.Step);
        return control;
    }

    public async Task CommandAsync(string command, string parameters = "")
    {
        var json = JsonSerializer.Serialize(new { command, @params = parameters });
        var text = string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(json)}:{json},");
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            await ReadToEndAsync(PipeReader.Create(_client.GetStream()));
            _events.Close("the control socket is closed");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or JsonException or FormatException)
        {
            _events.Close($"the control socket cannot be read: {e.Message}");
        }
    }

    private async Task ReadToEndAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            while (TryTake(ref buffer, out var json)) Tell(json);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out string json)
    {
        json = "";
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> digits, (byte)':')) return false;
        var length = int.Parse(Encoding.ASCII.GetString(digits), CultureInfo.InvariantCulture);
        if (reader.Remaining < length + 1) return false;
        json = Encoding.UTF8.GetString(reader.UnreadSequence.Slice(0, length));
        buffer = reader.UnreadSequence.Slice(length + 1);
        return true;
    }

    private void Tell(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.TryGetProperty("response", out _)) _answered.TrySetResult();
        if (!root.TryGetProperty("event", out _)) return;
        _events.Append(new BaresipEvent(Text(root, "type") ?? "", Text(root, "peeruri"), Text(root, "param")));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
