using BenchmarkDotNet.Attributes;
using ClickToDial.Media.Codecs;

namespace ClickToDial.Benchmarks.Micro;

/// <summary>One 20 ms packet turned from one codec into another, one in fifty lost and concealed.</summary>
[MemoryDiagnoser]
public class TranscodeBenchmarks : IDisposable
{
    private const int Packets = 500;
    private readonly byte[] _output = new byte[SpeechCodecs.MaxFrameOctets];
    private readonly List<byte[]> _packets = [];
    private Transcoder _transcoder = null!;
    private SpeechCodec _from;
    private ushort _sequence;

    [ParamsSource(nameof(Pairs))]
    public string Pair { get; set; } = "";

    public static IEnumerable<string> Pairs => ["Pcmu Pcma", "Pcmu G722", "G722 Pcma", "Pcmu Opus", "Opus Pcmu", "G722 Opus"];

    [GlobalSetup]
    public void Open()
    {
        _from = Enum.Parse<SpeechCodec>(Pair.Split(' ')[0]);
        _transcoder = new Transcoder(_from, Enum.Parse<SpeechCodec>(Pair.Split(' ')[1]));
        using var encoder = _from.CreateEncoder();
        var frame = new short[_from.SampleRate / 50];
        for (var packet = 0; packet < Packets; packet++)
        {
            for (var i = 0; i < frame.Length; i++)
            {
                var t = ((double)packet * frame.Length + i) / _from.SampleRate;
                frame[i] = (short)(6000 * Math.Sin(2 * Math.PI * 130 * t) + 3000 * Math.Sin(2 * Math.PI * 520 * t) * Math.Sin(2 * Math.PI * 3 * t));
            }
            _packets.Add(_output[..encoder.Encode(frame, _output)]);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _transcoder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Transcode()
    {
        _sequence++;
        if (_sequence % 50 != 0) _transcoder.Push(_sequence, (uint)(_sequence * _from.ClockRate / 50), _packets[_sequence % Packets]);
        var octets = 0;
        while (_transcoder.TryTake(_output, out var frame)) octets += frame.Length;
        return octets;
    }
}
