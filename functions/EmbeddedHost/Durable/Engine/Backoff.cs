namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Growing pauses between tries: 50 ms, doubled up to 5 s.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _next = TimeSpan.FromMilliseconds(50);

    public async Task WaitAsync(CancellationToken cancel)
    {
        await Task.Delay(_next, time, cancel);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
    }
}
