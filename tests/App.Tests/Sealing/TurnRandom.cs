using ClickToDial.Core;

namespace ClickToDial.App.Tests.Sealing;

/// <summary>Chance, which is asked for once whatever is sealed: between a row's reading and its writing.</summary>
internal sealed class TurnRandom : IRandomSource
{
    private readonly Random _random = new(7);
    private Func<Task>? _next;

    /// <summary>Happens once, when the next value is sealed.</summary>
    public void OnNext(Func<Task> happens) => _next = happens;

    public void Fill(Span<byte> destination)
    {
        _random.NextBytes(destination);
        if (Interlocked.Exchange(ref _next, null) is { } happens) Task.Run(happens).GetAwaiter().GetResult();
    }
}
