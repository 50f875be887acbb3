using System.Collections.Concurrent;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Recording;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Recording;

/// <summary>Records calls into files on the shelf. A disk that refuses costs the recording, never the call.</summary>
internal sealed class CallRecorder(RecordingShelf shelf, RecordingSettings settings, TimeProvider time, ILogger logger) : ICallRecorder, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, CallRecording> _running = new();

    /// <summary>Closes every file as it is; the next start tells of those whose calls did not end.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var recording in _running.Values) await recording.DisposeAsync();
    }

    public ValueTask<ICallRecording?> StartAsync(CallId call, string recordingId, CallParties parties, RecordedEnds ends)
    {
        try
        {
            if (shelf.FreeMegabytes < settings.MinFreeMegabytes)
            {
                RecorderLog.NoRoom(logger, settings.MinFreeMegabytes);
                return default;
            }
            var card = new RecordingCard(call, recordingId, parties, time.GetUtcNow());
            shelf.Begin(card);
            var options = new RecordingOptions(settings.SampleRate, TimeSpan.FromMinutes(settings.MaxMinutes));
            var file = CallRecording.Start(shelf.PathOf(card.Id), options, time, logger);
            _running[card.Id] = file;
            _ = file.Completion.ContinueWith(_ => _running.TryRemove(card.Id, out var _), TaskScheduler.Default);
            var recording = new Running(shelf, card, file, logger);
            recording.Follow(ends);
            return new(recording);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.CannotBegin(logger, e);
            return default;
        }
    }

    private sealed class Running(RecordingShelf shelf, RecordingCard card, CallRecording recording, ILogger logger) : ICallRecording
    {
        private RecordedEnds _ends;
        private Task<RecordingSummary>? _stopping;

        public string Id => card.RecordingId;

        public void Follow(RecordedEnds ends)
        {
            if (_ends.First != ends.First) _ends.First?.Leg.Record(null, RecordingSide.Left);
            if (_ends.Second != ends.Second) _ends.Second?.Leg.Record(null, RecordingSide.Right);
            _ends = ends;
            ends.First?.Leg.Record(recording, RecordingSide.Left);
            ends.Second?.Leg.Record(recording, RecordingSide.Right);
        }

        public ValueTask<RecordingSummary> StopAsync() => new(_stopping ??= CloseAsync());

        public void Told()
        {
            try
            {
                if (shelf.Has(card.Id)) shelf.Tell(card);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                RecorderLog.CannotClose(logger, e); // told once more after the next start, under the same id
            }
        }

        private async Task<RecordingSummary> CloseAsync()
        {
            Follow(default);
            var result = await recording.StopAsync();
            var problem = result.End switch
            {
                RecordingEnd.TooLong => "recording-too-long",
                RecordingEnd.Failed => "recording-disk-refused",
                _ => null,
            };
            try
            {
                // What was written before the disk refused is worth having; how much of it that is, only the file knows.
                var isWhole = result.End != RecordingEnd.Failed;
                if (!isWhole) shelf.Mend(card.Id);
                var summary = isWhole ? shelf.Describe(card, result.Length, result.Sha256, problem) : await shelf.DescribeAsync(card, problem, CancellationToken.None);
                shelf.Close(card);
                return summary;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                RecorderLog.CannotClose(logger, e);
                return new RecordingSummary(card.RecordingId, Problem: "recording-disk-refused");
            }
        }
    }
}

internal static partial class RecorderLog
{
    [LoggerMessage(5501, LogLevel.Warning, "A call is not recorded: less than {Megabytes} MB are left on the disk")]
    public static partial void NoRoom(ILogger logger, int megabytes);

    [LoggerMessage(5502, LogLevel.Error, "A call is not recorded: its file cannot be made")]
    public static partial void CannotBegin(ILogger logger, Exception error);

    [LoggerMessage(5503, LogLevel.Error, "A recording cannot be closed; the next start tries again")]
    public static partial void CannotClose(ILogger logger, Exception error);

    [LoggerMessage(5504, LogLevel.Information, "{Count} recording(s) of an earlier process closed and told of")]
    public static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(5505, LogLevel.Warning, "Recording {Id}, finished at {FinishedAt}, was deleted, although nobody had fetched it: {Reason}")]
    public static partial void Deleted(ILogger logger, string id, DateTime finishedAt, string reason);

    [LoggerMessage(5506, LogLevel.Error, "Recordings that nobody fetches cannot be deleted")]
    public static partial void CannotDelete(ILogger logger, Exception error);
}
