using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickToDial.TestKit.Peers;

/// <summary>
/// The functions as a worker under load needs them, with as little work as can be, for they share the machine: the directory,
/// and 202 for every event. Nothing is parsed but what counts events. Nothing here checks tokens.
/// </summary>
public sealed class EventSink : IDisposable
{
    private static readonly byte[] Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
    private static readonly byte[] NotModified = "HTTP/1.1 304 Not Modified\r\nETag: \"bench\"\r\n\r\n"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _directory;
    private readonly ConcurrentDictionary<string, int> _unanswered = [];
    private long _ended;
    private long _answered;
    private long _requests;

    /// <param name="directory">The directory's JSON.</param>
    public EventSink(byte[] directory)
    {
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"bench\"\r\nContent-Length: {directory.Length}\r\n\r\n");
        _directory = [.. head, .. directory];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _ = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Called for each terminal event, on any thread.</summary>
    public Action? OnEnded { get; set; }

    /// <summary>Terminal events taken.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>Terminal events of calls that both ends answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>How the others ended, and how many did.</summary>
    public string Unanswered => string.Join(' ', _unanswered.Select(how => $"{how.Value} times {how.Key}"));

    /// <summary>Requests of all kinds.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested) _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var owned = connection;
        var buffer = new byte[256 * 1024];
        var held = 0;
        try
        {
            while (true)
            {
                var got = await connection.ReceiveAsync(buffer.AsMemory(held), _stop.Token);
                if (got == 0) return;
                held += got;
                while (Take(buffer.AsSpan(0, held), out var answer) is var taken and > 0)
                {
                    await connection.SendAsync(answer, _stop.Token);
                    buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                    held -= taken;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The worker closed it, or the benchmark is over.
        }
    }

    // Octets of the first whole request, or 0.
    private int Take(ReadOnlySpan<byte> held, out byte[] answer)
    {
        answer = Accepted;
        var head = held.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        var length = ContentLength(held[..head]);
        var whole = head + 4 + length;
        if (held.Length < whole) return 0;
        Interlocked.Increment(ref _requests);
        if (held.StartsWith("GET "u8)) answer = held[..head].IndexOf("If-None-Match"u8) > 0 ? NotModified : _directory;
        else Count(held.Slice(head + 4, length));
        return whole;
    }

    private void Count(ReadOnlySpan<byte> json)
    {
        var outcome = json.IndexOf("\"outcome\":"u8);
        if (outcome < 0) return;
        if (json[outcome..].IndexOf("\"answered\""u8) >= 0) Interlocked.Increment(ref _answered);
        else _unanswered.AddOrUpdate(Encoding.UTF8.GetString(json[outcome..(outcome + Math.Max(0, json[outcome..].IndexOf((byte)'}')))]), 1, (_, before) => before + 1);
        Interlocked.Increment(ref _ended);
        OnEnded?.Invoke();
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? length : 0;
    }
}
