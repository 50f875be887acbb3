using Azure.Storage.Queues;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

/// <summary>Queue functions over an Azurite of their own that goes away.</summary>
public sealed class QueueOutageTests : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite = new();
    private readonly QueueRecorder _recorder = new();

    public ValueTask InitializeAsync() => _azurite.InitializeAsync();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task StorageThatIsDownAtStart_IsWaitedFor()
    {
        AzuriteFixture.SkipIfMissing();
        await _azurite.StopAsync();
        await using var rig = await StartAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1511, "outage in the log");
        Assert.True((await rig.Client.GetAsync("/admin/host/status")).IsSuccessStatusCode);
        await _azurite.StartAsync();
        await SendAsync("late");
        await _recorder.Seen.WaitAsync(s => s == "end late 1", "end");
    }

    [Fact]
    public async Task StorageThatGoesAndComesBack_IsReadOnFromWhereItStood()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync();
        await SendAsync("before");
        await _recorder.Seen.WaitAsync(s => s == "end before 1", "end before");
        await _azurite.StopAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1511, "outage in the log");
        await _azurite.StartAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1512, "return in the log");
        await SendAsync("after");
        await _recorder.Seen.WaitAsync(s => s == "end after 1", "end after");
        // The outage is one line, not one for each look.
        Assert.Single(rig.Logs.Snapshot(), l => l.Id == 1511);
    }

    [Fact]
    public async Task MessageWhoseRunEndedWhileStorageWasDown_ComesAgainAfterItsLease()
    {
        AzuriteFixture.SkipIfMissing();
        var finish = new TaskCompletionSource();
        _recorder.Script = (_, attempt, _) => attempt == 1 ? finish.Task : Task.CompletedTask;
        await using var rig = await StartAsync();
        await SendAsync("twice");
        await _recorder.Seen.WaitAsync(s => s == "start twice 1", "start");
        await _azurite.StopAsync();
        finish.SetResult();
        await rig.Logs.WaitAsync(l => l.Id == 1518, "unsettled in the log");
        await _azurite.StartAsync();
        await _recorder.Seen.WaitAsync(s => s == "end twice 2", "second attempt");
    }

    private Task<HostRig> StartAsync() =>
        QueueRig.StartAsync(_azurite, "outage", _recorder, [typeof(ScriptedFunction)], lease: TimeSpan.FromSeconds(5));

    private async Task SendAsync(string body)
    {
        var queue = new QueueClient(_azurite.ConnectionString, "outage-work");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(body);
    }
}
