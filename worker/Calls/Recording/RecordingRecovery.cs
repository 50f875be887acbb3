using System.Globalization;
using ClickToDial.Calls.Events;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Recording;

/// <summary>Closes what a process that died was recording and tells of it, after the end that its calls were given.</summary>
internal static class RecordingRecovery
{
    private const string WorkerLost = "worker-lost";

    public static async Task RunAsync(RecordingShelf shelf, EventSpool spool, string worker, TimeProvider time, ILogger logger)
    {
        var cards = shelf.Untold();
        var ends = spool.EndedCalls.Concat(spool.LostCalls).GroupBy(end => end.CallId).ToDictionary(ends => ends.Key, ends => ends.Last().Sequence);
        var told = 0;
        foreach (var calls in cards.GroupBy(card => card.CallId))
        {
            var sequence = ends.GetValueOrDefault(calls.Key);
            if (sequence == 0) continue; // it ended long ago; a person may look at the file
            foreach (var card in calls)
            {
                if (await TryCloseAsync(shelf, card, logger) is not { } summary) continue;
                // Its own number counted from the call's end, so that it is the same however often this is begun.
                var number = sequence + NumberOf(card);
                await spool.AppendDurablyAsync(new CallEvent(
                    CallEvent.IdFor(card.CallId, number), card.CallId, number, CallEventType.RecordingStopped, time.GetUtcNow(), card.Call, worker, Recording: summary));
                shelf.Tell(card);
                told++;
            }
        }
        if (told > 0) RecorderLog.Recovered(logger, told);
    }

    // rec-1, rec-2, ...
    private static int NumberOf(RecordingCard card) =>
        int.TryParse(card.RecordingId.AsSpan(card.RecordingId.LastIndexOf('-') + 1), CultureInfo.InvariantCulture, out var number) ? Math.Max(1, number) : 1;

    private static async Task<RecordingSummary?> TryCloseAsync(RecordingShelf shelf, RecordingCard card, ILogger logger)
    {
        try
        {
            if (card.Closed) return await shelf.DescribeAsync(card, problem: null, CancellationToken.None);
            if (shelf.Mend(card.Id))
            {
                var summary = await shelf.DescribeAsync(card, WorkerLost, CancellationToken.None);
                shelf.Close(card);
                return summary;
            }
            shelf.Discard(card.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.CannotClose(logger, e);
        }
        return null;
    }
}
