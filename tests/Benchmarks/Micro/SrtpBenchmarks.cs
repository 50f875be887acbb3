using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Benchmarks.Micro;

/// <summary>One 20 ms packet of G.711 (172 octets) protected, and protected and opened again.</summary>
[MemoryDiagnoser]
public class SrtpBenchmarks : IDisposable
{
    private const int PacketLength = 172;
    private readonly byte[] _buffer = new byte[256];
    private SrtpSession _sender = null!;
    private SrtpSession _receiver = null!;
    private ushort _sequence;

    [Params(SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AeadAes128Gcm)]
    public SrtpProfile Profile { get; set; }

    [GlobalSetup]
    public void Open()
    {
        using var key = SrtpKey.Generate(Profile, static octets => octets.Fill(7));
        _sender = SrtpSession.OpenSender(key);
        _receiver = SrtpSession.OpenReceiver(key);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Protect()
    {
        _buffer[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), _sequence++);
        return _sender.ProtectRtp(_buffer, PacketLength, out var length) == SrtpVerdict.Accepted ? length : throw new InvalidOperationException("Not protected.");
    }

    [Benchmark]
    public int ProtectAndUnprotect() =>
        _receiver.UnprotectRtp(_buffer.AsSpan(0, Protect()), out var length) == SrtpVerdict.Accepted ? length : throw new InvalidOperationException("Not opened.");
}
