using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Recording;

/// <param name="FinishedAt">When its file was last written, in UTC.</param>
internal readonly record struct WaitingRecording(string Id, long Bytes, DateTime FinishedAt);

/// <summary>
/// Lets go of recordings that nobody has fetched for too long, or that are too many, so that the disk has room for new ones; each
/// is named in the log. Tells how many there are (meter <see cref="MeterName"/>).
/// </summary>
internal sealed class RecordingRetention : IAsyncDisposable
{
    public const string MeterName = "ClickToDial.Recordings";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private readonly RecordingShelf _shelf;
    private readonly RecordingSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _deleted;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sweeping = new();
    private readonly Task _running;

    public RecordingRetention(RecordingShelf shelf, RecordingSettings settings, TimeProvider time, ILogger logger)
    {
        (_shelf, _settings, _time, _logger) = (shelf, settings, time, logger);
        _meter.CreateObservableGauge("clicktodial.recordings.files", () => Measured().Files, description: "Recordings on this worker's disk.");
        _meter.CreateObservableGauge("clicktodial.recordings.size", () => Measured().Bytes, "By", "What they take.");
        _deleted = _meter.CreateCounter<long>("clicktodial.recordings.deleted", description: "Recordings that nobody fetched in time, by reason.");
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _meter.Dispose();
    }

    /// <summary>Deletes what is too old or too much, and never one under way.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Sweep()
    {
        lock (_sweeping) SweepOnce();
    }

    private void SweepOnce()
    {
        var waiting = _shelf.Waiting();
        var oldest = _settings.KeepDays == 0 ? DateTime.MinValue : _time.GetUtcNow().UtcDateTime.AddDays(-_settings.KeepDays);
        var most = _settings.MaxMegabytes == 0 ? long.MaxValue : (long)_settings.MaxMegabytes << 20;
        var bytes = waiting.Sum(recording => recording.Bytes);
        foreach (var recording in waiting)
        {
            var reason = recording.FinishedAt < oldest ? "age" : bytes > most ? "size" : null;
            if (reason is null || !_shelf.TryRemove(recording.Id)) continue;
            bytes -= recording.Bytes;
            _deleted.Add(1, new KeyValuePair<string, object?>("reason", reason));
            RecorderLog.Deleted(_logger, recording.Id, recording.FinishedAt, reason);
        }
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do TrySweep();
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private void TrySweep()
    {
        try
        {
            Sweep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.CannotDelete(_logger, e);
        }
    }

    private (int Files, long Bytes) Measured()
    {
        try
        {
            return _shelf.Load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
