namespace ClickToDial.Core.Tests;

/// <summary>Chance that a test can repeat.</summary>
internal sealed class SeededRandom(int seed = 1) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
