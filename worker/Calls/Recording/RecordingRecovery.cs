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
        var cards = shelf.Unfinished();
        var ends = spool.EndedCalls.Concat(spool.LostCalls).GroupBy(end => end.CallId).ToDictionary(ends => ends.Key, ends => ends.Last().Sequence);
        var told = 0;
        foreach (var calls in cards.GroupBy(card => card.CallId))
        {
            var sequence = ends.GetValueOrDefault(calls.Key);
            if (sequence == 0) continue; // it ended long ago; a person may look at the file
            foreach (var card in calls)
            {
                if (await TryCloseAsync(shelf, card, logger) is not { } summary) continue;
                sequence++;
                await spool.AppendDurablyAsync(new CallEvent(
                    CallEvent.IdFor(card.CallId, sequence), card.CallId, sequence, CallEventType.RecordingStopped, time.GetUtcNow(), card.Call, worker, Recording: summary));
                shelf.Finish(card);
                told++;
            }
        }
        if (told > 0) RecorderLog.Recovered(logger, told);
    }

    private static async Task<RecordingSummary?> TryCloseAsync(RecordingShelf shelf, RecordingCard card, ILogger logger)
    {
        try
        {
            if (shelf.Mend(card.Id)) return await shelf.DescribeAsync(card, WorkerLost, CancellationToken.None);
            shelf.Discard(card.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.CannotClose(logger, e);
        }
        return null;
    }
}
