using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>Tells a chain of the call that it waits for. One that waits no longer does not hear it.</summary>
public sealed class TellChain
{
    [Function(nameof(TellChain))]
    public static async Task Run([QueueTrigger(CallWatch.QueueName, Connection = StorageOptions.Section)] string message, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var note = JsonSerializer.Deserialize(message, AppJson.Default.CallNote)!;
        if (await client.GetInstanceAsync(note.ChainId, stop) is { IsCompleted: false })
            await client.RaiseEventAsync(note.ChainId, CallNews.EventOf(note.CallId), note.News, stop);
    }
}
