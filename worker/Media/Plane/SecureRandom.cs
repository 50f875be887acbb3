using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClickToDial.Media.Plane;

/// <summary>Random numbers an outsider cannot foresee, behind the type that tests replace.</summary>
internal sealed class SecureRandom : Random
{
    public override int Next(int maxValue) => (int)NextInt64(maxValue);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    // The modulo's bias is below 2^-31 for the ranges used here.
    public override long NextInt64(long minValue, long maxValue)
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return minValue + (long)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) % (ulong)Math.Max(1, maxValue - minValue));
    }

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
}
