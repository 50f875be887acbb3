using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;

namespace ClickToDial.App.Recordings;

/// <summary>Fetches queued recordings. What fails is thrown, and the queue gives the message back until it works.</summary>
public sealed class FetchRecording(RecordingFetcher fetcher)
{
    [Function(nameof(FetchRecording))]
    public async Task Run([QueueTrigger(RecordingOrder.QueueName, Connection = StorageOptions.Section)] string message, CancellationToken stop)
    {
        if (JsonSerializer.Deserialize(message, AppJson.Default.RecordingOrder) is { } order) await fetcher.FetchAsync(order, stop);
    }
}
