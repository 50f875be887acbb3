using ClickToDial.Core;

namespace ClickToDial.App.Tests.Hosting;

internal sealed class SequenceRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
