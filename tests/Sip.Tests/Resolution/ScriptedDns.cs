using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Sip.Resolution;

namespace ClickToDial.Sip.Tests.Resolution;

/// <summary>A name server on loopback, UDP and TCP on one port, with a zone the test writes.</summary>
internal sealed class ScriptedDns : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, DnsType Type), List<(DnsType Type, int Life, byte[] Data)>> _zone = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ScriptedDns()
    {
        _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Listen(10);
        Address = (IPEndPoint)_tcp.LocalEndPoint!;
        _udp.Bind(Address);
        _serving = Task.WhenAll(ServeUdp(), ServeTcp());
    }

    public IPEndPoint Address { get; }

    /// <summary>What was asked: "A host.example" over UDP, "TCP A host.example" over TCP.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public bool IsSilent { get; set; }

    public bool IsTruncating { get; set; }

    /// <summary>Sent before the true answer: what somebody else might slip in.</summary>
    public Func<byte[], byte[]>? Forge { get; set; }

    public ScriptedDns A(string name, string address, int life = 60) => Add(name, DnsType.A, DnsType.A, life, IPAddress.Parse(address).GetAddressBytes());

    public ScriptedDns Aaaa(string name, string address, int life = 60) => Add(name, DnsType.Aaaa, DnsType.Aaaa, life, IPAddress.Parse(address).GetAddressBytes());

    public ScriptedDns Alias(string name, string target, DnsType asked) => Add(name, asked, DnsType.Cname, 60, Name(target));

    public ScriptedDns Srv(string name, int priority, int weight, int port, string target) =>
        Add(name, DnsType.Srv, DnsType.Srv, 60, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public ScriptedDns Naptr(string name, int order, int preference, string flags, string services, string replacement) =>
        Add(name, DnsType.Naptr, DnsType.Naptr, 60, [.. Number(order), .. Number(preference), .. Text(flags), .. Text(services), 0, .. Name(replacement)]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        try
        {
            await _serving;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Both loops end by this.
        }
        _stop.Dispose();
    }

    /// <summary>The answer to a question, from the zone.</summary>
    public byte[] Answer(byte[] question, bool truncate)
    {
        var reader = new DnsReader(question) { At = 12 };
        if (!reader.TryName(out var name) || !reader.TryUInt16(out var type)) throw new InvalidOperationException("The client asks something that is no question.");
        List<(DnsType Type, int Life, byte[] Data)> records = _zone.TryGetValue((name, (DnsType)type), out var found) ? found : [];
        var known = records.Count > 0 || _zone.Keys.Any(k => k.Name == name);
        List<byte> answer = [question[0], question[1], (byte)(truncate ? 0x87 : 0x85), (byte)(known ? 0x80 : 0x83), 0, 1];
        answer.AddRange(Number(truncate ? 0 : records.Count));
        answer.AddRange([0, 0, 0, 0, .. question[12..]]);
        if (truncate) return [.. answer];
        foreach (var record in records)
        {
            var life = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(life, record.Life);
            answer.AddRange([0xC0, 12, .. Number((int)record.Type), 0, 1, .. life, .. Number(record.Data.Length), .. record.Data]);
        }
        return [.. answer];
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Name(string name) => name.Length == 0 ? [0] : [.. name.Split('.').SelectMany(Text), 0];

    private ScriptedDns Add(string name, DnsType asked, DnsType type, int life, byte[] data)
    {
        _zone.GetOrAdd((name, asked), _ => []).Add((type, life, data));
        return this;
    }

    private async Task ServeUdp()
    {
        var buffer = new byte[512];
        while (true)
        {
            var got = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            var question = buffer[..got.ReceivedBytes];
            Note(question, "");
            if (IsSilent) continue;
            if (Forge is { } forge) await _udp.SendToAsync(forge(Answer(question, false)), got.RemoteEndPoint, _stop.Token);
            await _udp.SendToAsync(Answer(question, IsTruncating), got.RemoteEndPoint, _stop.Token);
        }
    }

    private async Task ServeTcp()
    {
        while (true)
        {
            await using var stream = new NetworkStream(await _tcp.AcceptAsync(_stop.Token), ownsSocket: true);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question, _stop.Token);
            Note(question, "TCP ");
            var answer = Answer(question, false);
            await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
        }
    }

    private void Note(byte[] question, string how)
    {
        var reader = new DnsReader(question) { At = 12 };
        if (reader.TryName(out var name) && reader.TryUInt16(out var type)) Asked.Enqueue($"{how}{((DnsType)type).ToString().ToUpperInvariant()} {name}");
    }
}
