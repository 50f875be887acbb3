using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ClickToDial.Sip.Resolution;

/// <summary>
/// Asks the configured servers, over UDP and after a truncated answer over TCP, and keeps answers for as long as they live.
/// Every question leaves from a fresh port with a random id, and only an answer from the asked address that repeats both id
/// and question counts (RFC 5452). Thread-safe.
/// </summary>
internal sealed class DnsClient(DnsSettings settings, TimeProvider time)
{
    private const int MaxAliases = 8;

    private static readonly TimeSpan LongestNegative = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnknownNegative = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Name, DnsType Type), (DateTimeOffset Until, IReadOnlyList<DnsRecord> Records)> _cache = new();

    /// <summary>The records of one type; empty when there are none; null when nobody could tell. Throws only when stopped.</summary>
    public async ValueTask<IReadOnlyList<DnsRecord>?> FindAsync(string name, DnsType type, CancellationToken stop)
    {
        name = name.TrimEnd('.').ToLowerInvariant();
        if (_cache.TryGetValue((name, type), out var kept) && kept.Until > time.GetUtcNow()) return kept.Records;
        var life = TimeSpan.MaxValue;
        var current = name;
        for (var aliases = 0; aliases <= MaxAliases; aliases++)
        {
            if (await AskAsync(current, type, stop) is not { } reply) return null;
            var target = Follow(reply, current, ref life);
            List<DnsRecord> found = [.. reply.Answers.Where(r => r.Type == type && r.Name == target)];
            if (found.Count > 0 || target == current || reply.ResponseCode == DnsReply.NoSuchName) return Keep((name, type), found, life, reply);
            current = target;
        }
        return null;
    }

    // The end of the chain of aliases that the answer itself holds.
    private static string Follow(DnsReply reply, string name, ref TimeSpan life)
    {
        for (var i = 0; i < MaxAliases; i++)
        {
            if (reply.Answers.OfType<AliasRecord>().FirstOrDefault(a => a.Name == name) is not { Target.Length: > 0 } alias) break;
            if (alias.Life < life) life = alias.Life;
            name = alias.Target;
        }
        return name;
    }

    private List<DnsRecord> Keep((string, DnsType) key, List<DnsRecord> found, TimeSpan life, DnsReply reply)
    {
        foreach (var record in found)
            if (record.Life < life) life = record.Life;
        if (found.Count == 0)
        {
            var negative = reply.NegativeLife ?? UnknownNegative;
            life = negative < LongestNegative ? negative : LongestNegative;
        }
        if (_cache.Count >= settings.MaxCached) _cache.Clear();
        _cache[key] = (time.GetUtcNow() + life, found);
        return found;
    }

    private async ValueTask<DnsReply?> AskAsync(string name, DnsType type, CancellationToken stop)
    {
        var id = (ushort)RandomNumberGenerator.GetInt32(65536);
        if (DnsMessage.Question(id, name, type) is not { } question) return null;
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var server in settings.Servers)
            {
                if (await AttemptAsync(server, question, stop) is { IsConclusive: true } reply) return reply;
            }
        }
        return null;
    }

    private async ValueTask<DnsReply?> AttemptAsync(IPEndPoint server, byte[] question, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(settings.Attempt, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var reply = await ByUdpAsync(server, question, both.Token);
            return reply.IsTruncated ? await ByTcpAsync(server, question, both.Token) : reply;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<DnsReply> ByUdpAsync(IPEndPoint server, byte[] question, CancellationToken stop)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, stop); // Connected: the kernel drops what comes from elsewhere.
        await socket.SendAsync(question, SocketFlags.None, stop);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
            if (Matching(buffer.AsSpan(0, length), question) is { } reply) return reply;
        }
    }

    private static async Task<DnsReply?> ByTcpAsync(IPEndPoint server, byte[] question, CancellationToken stop)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, stop);
        await using var stream = new NetworkStream(socket);
        var framed = new byte[question.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed.AsSpan(2));
        await stream.WriteAsync(framed, stop);
        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), stop);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(answer, stop);
        return Matching(answer, question);
    }

    private static DnsReply? Matching(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question)
    {
        if (DnsMessage.Read(answer) is not { } reply || reply.Id != BinaryPrimitives.ReadUInt16BigEndian(question)) return null;
        var asked = new DnsReader(question) { At = 12 };
        return asked.TryName(out var name) && asked.TryUInt16(out var type) && reply.Question == name && (ushort)reply.QuestionType == type
            ? reply
            : null;
    }
}
