using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClickToDial.Media.Codecs;

/// <summary>
/// Changes the sample rate by a whole factor, up or down, with a Kaiser-windowed polyphase filter: flat to 0.42 of the lower
/// rate (3.4 kHz at 8 kHz), images and aliases at least 70 dB down above 0.58 of it. Delays by 16 samples of the lower rate.
/// State goes on across calls; for one thread at a time.
/// </summary>
public sealed class Resampler
{
    private const int TapsPerPhase = 32;
    private const double KaiserBeta = 7.5;
    private const int Block = 960;

    private readonly int _up;
    private readonly int _down;
    private readonly int _taps;
    private readonly float[] _filter;
    private readonly float[] _line;
    private int _skip;

    /// <exception cref="ArgumentException">Neither rate is a multiple of the other.</exception>
    public Resampler(int fromRate, int toRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fromRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(toRate);
        if (toRate % fromRate != 0 && fromRate % toRate != 0) throw new ArgumentException($"{fromRate} to {toRate} Hz is no whole factor.", nameof(toRate));
        _up = Math.Max(1, toRate / fromRate);
        _down = Math.Max(1, fromRate / toRate);
        _taps = TapsPerPhase * _down;
        _filter = Design(_up, _down);
        _line = new float[_taps - 1 + Block];
    }

    /// <summary>Samples that the given number of input samples makes at most.</summary>
    public int OutputFor(int inputSamples) => ((inputSamples * _up) + _down - 1) / _down;

    /// <summary>Converts all of the input.</summary>
    /// <param name="output">At least <see cref="OutputFor"/> the input's length.</param>
    /// <returns>Samples written.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var written = 0;
        while (!input.IsEmpty)
        {
            var count = Math.Min(Block, input.Length);
            var fresh = _line.AsSpan(_taps - 1, count);
            for (var i = 0; i < count; i++) fresh[i] = input[i];
            written += _down == 1 ? Raise(count, output[written..]) : Lower(count, output[written..]);
            _line.AsSpan(count, _taps - 1).CopyTo(_line);
            input = input[count..];
        }
        return written;
    }

    private int Raise(int count, Span<short> output)
    {
        for (var i = 0; i < count; i++)
        {
            var recent = _line.AsSpan(i, TapsPerPhase);
            for (var phase = 0; phase < _up; phase++)
                output[(i * _up) + phase] = ToSample(Dot(recent, _filter.AsSpan(phase * TapsPerPhase, TapsPerPhase)));
        }
        return count * _up;
    }

    private int Lower(int count, Span<short> output)
    {
        var written = 0;
        var at = _skip;
        for (; at < count; at += _down) output[written++] = ToSample(Dot(_line.AsSpan(at, _taps), _filter));
        _skip = at - count;
        return written;
    }

    // A windowed sinc that cuts at half the lower rate, each phase in order of the samples it meets: oldest first.
    private static float[] Design(int up, int down)
    {
        var factor = Math.Max(up, down);
        var length = TapsPerPhase * factor;
        var prototype = new double[length];
        for (var i = 0; i < length; i++)
        {
            var offset = i - ((length - 1) / 2.0);
            var turn = Math.PI * offset / factor;
            var edge = 2 * offset / (length - 1);
            prototype[i] = Math.Sin(turn) / turn * Bessel(KaiserBeta * Math.Sqrt(Math.Max(0, 1 - (edge * edge)))); // turn is never 0: the length is even
        }
        var gain = up / prototype.Sum();
        var filter = new float[length];
        for (var phase = 0; phase < up; phase++)
            for (var i = 0; i < length / up; i++)
                filter[(phase * (length / up)) + i] = (float)(gain * prototype[length - up + phase - (i * up)]);
        return filter;
    }

    // The modified Bessel function of the first kind, order 0, by its power series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var l = ref MemoryMarshal.GetReference(left);
        ref var r = ref MemoryMarshal.GetReference(right);
        var sum = Vector<float>.Zero;
        nuint i = 0;
        for (; i + (nuint)Vector<float>.Count <= (nuint)left.Length; i += (nuint)Vector<float>.Count)
            sum += Vector.LoadUnsafe(ref l, i) * Vector.LoadUnsafe(ref r, i);
        return Vector.Sum(sum); // lengths are multiples of 32, which every vector width divides
    }

    private static short ToSample(float value) => (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);
}
