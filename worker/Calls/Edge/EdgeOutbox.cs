using System.Threading.Channels;

namespace ClickToDial.Calls.Edge;

/// <summary>One frame that waits to be sent.</summary>
/// <param name="Make">Makes it when its turn has come, so that what it tells is not out of date; null where <paramref name="Frame"/> is the frame.</param>
internal readonly record struct EdgeItem(byte[]? Frame, Func<byte[]?>? Make = null);

/// <summary>
/// What waits to be sent to another worker: over the socket that leads there, or over the next one, when one breaks and both workers live on.
/// </summary>
internal sealed class EdgeOutbox
{
    /// <summary>Octets of messages beyond which no more are taken, with what each costs besides.</summary>
    public const int MostOctets = 16 * 1024 * 1024;

    private const int CostOfOne = 256;

    private readonly Channel<EdgeItem> _items = Channel.CreateUnbounded<EdgeItem>();
    private long _octets;
    private EdgeItem? _unsent;

    public bool HasRoom => Interlocked.Read(ref _octets) < MostOctets;

    /// <summary>A frame of binary. Who sends messages asks for room before; the end of a flow always goes.</summary>
    public void Send(byte[] frame)
    {
        Interlocked.Add(ref _octets, frame.Length + CostOfOne);
        _items.Writer.TryWrite(new EdgeItem(frame));
    }

    /// <summary>A frame of text that is made when its turn has come; null then sends nothing.</summary>
    public void Tell(Func<byte[]?> make) => _items.Writer.TryWrite(new EdgeItem(null, make));

    /// <summary>Hands out what waits and what comes, until it is stopped. What could not be sent is the first thing of the next time.</summary>
    /// <param name="send">Gets a frame, and whether it is text.</param>
    public async Task DrainAsync(Func<byte[], bool, Task> send, CancellationToken stop)
    {
        while (true)
        {
            var item = _unsent ?? await _items.Reader.ReadAsync(stop);
            if (item.Frame is { } frame)
            {
                _unsent = item;
                await send(frame, false);
                _unsent = null;
                Interlocked.Add(ref _octets, -(frame.Length + CostOfOne));
            }
            else if (item.Make!() is { } text) await send(text, true);
        }
    }

    /// <summary>While nothing drains it.</summary>
    public void Clear()
    {
        var freed = _unsent is { Frame: { } unsent } ? unsent.Length + CostOfOne : 0;
        _unsent = null;
        while (_items.Reader.TryRead(out var item)) freed += item.Frame is { } frame ? frame.Length + CostOfOne : 0;
        Interlocked.Add(ref _octets, -freed);
    }
}
