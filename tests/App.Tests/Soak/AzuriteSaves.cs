using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;

namespace ClickToDial.App.Tests.Soak;

/// <summary>
/// Azurite keeps everything in memory and saves what has changed every five seconds: killed at any moment it loses what it had answered
/// since. A storage service does not, so what it is killed with here is saved.
/// </summary>
internal static class AzuriteSaves
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until all that it answered before the call is in its files. Nobody else may write meanwhile.</summary>
    public static async Task SavedAsync(AzuriteFixture azurite)
    {
        // A save that was under way may not have what came just before; the one after it has.
        for (var i = 0; i < 2; i++)
        {
            var files = azurite.Data!.GetFiles("__azurite_db_*.json");
            Assert.NotEmpty(files);
            var before = files.Select(f => f.LastWriteTimeUtc).ToList();
            await MarkAsync(azurite.ConnectionString, $"saved{Guid.NewGuid():N}");
            using var pace = new PeriodicTimer(BetweenLooks);
            using var patience = new CancellationTokenSource(Patience.Start);
            while (files.Where((f, at) => Written(f) <= before[at]).Any()) await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    private static DateTime Written(FileInfo file)
    {
        file.Refresh();
        return file.LastWriteTimeUtc;
    }

    /// <summary>Changes something in each of its files.</summary>
    private static async Task MarkAsync(string storage, string name)
    {
        await new TableClient(storage, name).CreateAsync();
        var container = new BlobContainerClient(storage, name);
        await container.CreateAsync();
        await container.UploadBlobAsync("mark", BinaryData.FromString(name));
        var queue = new QueueClient(storage, name);
        await queue.CreateAsync();
        await queue.SendMessageAsync(name);
    }
}
