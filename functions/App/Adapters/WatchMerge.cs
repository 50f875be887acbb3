using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.App.Adapters;

/// <summary>
/// What several workers tell of their calls, as if one told it: first how it all stands, once each has said so, then each change. When one
/// of them goes away it ends, as it does with one worker: half of the calls would look like all. It also ends when others have come.
/// </summary>
public static class WatchMerge
{
    // Whoever reads slowly holds up the workers, which then tell anew how it all stands.
    private const int Waiting = 64;

    /// <param name="streams">What each of them tells.</param>
    /// <param name="until">Completes when these are not all any more.</param>
    /// <param name="stop">Whoever reads has left.</param>
    public static async IAsyncEnumerable<WatchMessage> ReadAsync(
        IReadOnlyList<IAsyncEnumerable<WatchMessage>> streams, Func<CancellationToken, Task> until, [EnumeratorCancellation] CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var channel = Channel.CreateBounded<(int From, WatchMessage Message)>(Waiting);
        var readers = streams.Select((stream, from) => PumpAsync(stream, from, channel.Writer, end.Token)).Append(EndAsync(until, channel.Writer, end.Token)).ToList();
        try
        {
            var known = new Dictionary<CallId, CallSnapshot>?[streams.Count];
            await foreach (var (from, message) in channel.Reader.ReadAllAsync(stop))
                if (Take(known, from, message) is { } told) yield return told;
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(readers);
        }
    }

    // Null while one of them has not said yet how it stands.
    private static WatchMessage? Take(Dictionary<CallId, CallSnapshot>?[] known, int from, WatchMessage message)
    {
        if (message.Kind == WatchKind.Calls) known[from] = (message.Calls ?? []).ToDictionary(call => call.CallId);
        else if (message.Call is { State: CallState.Ended } ended) known[from]?.Remove(ended.CallId);
        else if (message.Call is { } call && known[from] is { } mine) mine[call.CallId] = call;
        if (known.Contains(null)) return null;
        return message.Kind == WatchKind.Calls ? new WatchMessage(WatchKind.Calls, Calls: [.. known.SelectMany(calls => calls!.Values)]) : message;
    }

    private static async Task PumpAsync(IAsyncEnumerable<WatchMessage> stream, int from, ChannelWriter<(int From, WatchMessage Message)> writer, CancellationToken stop)
    {
        try
        {
            await foreach (var message in stream.WithCancellation(stop)) await writer.WriteAsync((from, message), stop);
            writer.TryComplete();
        }
        catch (Exception e)
        {
            // Told to whoever reads, or nobody reads any more.
            writer.TryComplete(e is OperationCanceledException ? null : e);
        }
    }

    private static async Task EndAsync(Func<CancellationToken, Task> until, ChannelWriter<(int From, WatchMessage Message)> writer, CancellationToken stop)
    {
        try
        {
            await until(stop);
            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e is OperationCanceledException ? null : e);
        }
    }
}
