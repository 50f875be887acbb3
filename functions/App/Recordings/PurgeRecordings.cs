namespace ClickToDial.App.Recordings;

/// <summary>Every night: recordings older than they may get.</summary>
public sealed class PurgeRecordings(RecordingStore store, RecordingOptions options, TimeProvider time)
{
    [Function(nameof(PurgeRecordings))]
    public Task Run([TimerTrigger("0 45 3 * * *")] TimerInfo timer, CancellationToken stop) =>
        options.RetentionDays == 0 ? Task.CompletedTask : store.PurgeAsync(time.GetUtcNow().AddDays(-options.RetentionDays), stop);
}
