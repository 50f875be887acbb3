using Azure.Storage.Queues;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

/// <summary>Queue functions over a real Azurite; each test has queues of its own.</summary>
public sealed class QueueTriggersTests(AzuriteFixture azurite)
{
    private readonly string _prefix = "q" + Guid.NewGuid().ToString("N");
    private readonly QueueRecorder _recorder = new();

    [Fact]
    public async Task MessagesOfEveryBoundType_ReachTheirFunctions()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync([typeof(BindingFunctions)]);
        foreach (var kind in new[] { "text", "bytes", "data", "message" }) await SendAsync(kind, "hällo");
        await SendAsync("record", """{"NAME":"tea","count":2}""");
        foreach (var expected in new[]
                 { "text hällo 1 True", "bytes hällo", "data hällo", "message hällo 1 True", "record tea 2" })
            await _recorder.Seen.WaitAsync(s => s == expected, expected);
    }

    [Fact]
    public async Task Base64Encoding_IsTakenOff_AndWhatIsNotBase64GoesToPoisonAsItWas()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync([typeof(ScriptedFunction)], "\"messageEncoding\": \"base64\"");
        await SendAsync("work", "not base64!");
        await SendAsync("work", Convert.ToBase64String("plain"u8));
        await _recorder.Seen.WaitAsync(s => s == "end plain 1", "decoded message");
        await rig.Logs.WaitAsync(l => l.Id == 1517, "poisoned");
        Assert.Equal("not base64!", await PoisonedAsync());
    }

    [Fact]
    public async Task MessageThatAlwaysFails_IsTriedMaxDequeueCountTimesAndThenPoisoned()
    {
        AzuriteFixture.SkipIfMissing();
        _recorder.Script = (_, _, _) => throw new InvalidOperationException("no");
        await using var rig = await StartAsync([typeof(ScriptedFunction)], QueueRig.Plain + ", \"maxDequeueCount\": 3");
        await SendAsync("work", "bad");
        await rig.Logs.WaitAsync(l => l.Id == 1517, "poisoned");
        Assert.Equal(["start bad 1", "start bad 2", "start bad 3"], _recorder.Seen.Snapshot());
        Assert.Equal("bad", await PoisonedAsync());
        Assert.Equal(0, await CountAsync("work"));
    }

    [Fact]
    public async Task MessageThatFailsOnce_ComesAgainAndIsDeletedAfterSuccess()
    {
        AzuriteFixture.SkipIfMissing();
        _recorder.Script = (_, attempt, _) => attempt == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        await using var rig = await StartAsync([typeof(ScriptedFunction)]);
        await SendAsync("work", "shy");
        await _recorder.Seen.WaitAsync(s => s == "end shy 2", "second attempt");
        await rig.StopAsync();
        Assert.Equal(0, await CountAsync("work"));
    }

    [Fact]
    public async Task MessageThatDoesNotFitItsRecord_IsPoisoned()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync([typeof(BindingFunctions)], QueueRig.Plain + ", \"maxDequeueCount\": 1");
        await SendAsync("record", "no json");
        await rig.Logs.WaitAsync(l => l.Id == 1517, "poisoned");
        Assert.Equal("no json", (await Queue("record-poison").PeekMessageAsync()).Value.Body.ToString());
    }

    [Fact]
    public async Task LongRun_KeepsItsMessageHiddenBeyondTheLease()
    {
        AzuriteFixture.SkipIfMissing();
        var finish = new TaskCompletionSource();
        _recorder.Script = (_, _, _) => finish.Task;
        await using var rig = await StartAsync([typeof(ScriptedFunction)], lease: TimeSpan.FromSeconds(4));
        await SendAsync("work", "long");
        // Three renewals at two seconds each: the lease is over by half, and a busy machine has two seconds of grace.
        var from = 0;
        for (var renewals = 0; renewals < 3; renewals++)
        {
            var seen = from;
            await rig.Logs.WaitAsync(l => l.Id == 1513, "renewal", from: seen);
            from = rig.Logs.Snapshot().Select((line, at) => (line, at)).First(p => p.at >= seen && p.line.Id == 1513).at + 1;
        }
        finish.SetResult();
        await _recorder.Seen.WaitAsync(s => s == "end long 1", "end");
        await rig.StopAsync();
        Assert.Equal(["start long 1", "end long 1"], _recorder.Seen.Snapshot());
        Assert.Equal(0, await CountAsync("work"));
    }

    [Fact]
    public async Task RunningMessages_NeverExceedBatchSizePlusThreshold()
    {
        AzuriteFixture.SkipIfMissing();
        int running = 0, most = 0;
        var gate = new Lock();
        _recorder.Script = async (_, _, _) =>
        {
            lock (gate) most = Math.Max(most, ++running);
            // Several calls to the same storage: time enough for a listener that fetches too much to do so.
            for (var call = 0; call < 5; call++) await CountAsync("work");
            lock (gate) running--;
        };
        for (var i = 0; i < 9; i++) await SendAsync("work", $"m{i}");
        await using var rig = await StartAsync([typeof(ScriptedFunction)], QueueRig.Plain + ", \"batchSize\": 3, \"newBatchThreshold\": 1");
        for (var i = 0; i < 9; i++)
        {
            var end = $"end m{i} 1";
            await _recorder.Seen.WaitAsync(s => s == end, end);
        }
        Assert.InRange(most, 3, 4);
    }

    [Fact]
    public async Task Stop_WaitsForWhatRunsAndLeavesTheRest()
    {
        AzuriteFixture.SkipIfMissing();
        var finish = new TaskCompletionSource();
        _recorder.Script = (_, _, _) => finish.Task;
        var rig = await StartAsync([typeof(ScriptedFunction)], QueueRig.Plain + ", \"batchSize\": 1, \"newBatchThreshold\": 0");
        await SendAsync("work", "first");
        await _recorder.Seen.WaitAsync(s => s == "start first 1", "start");
        await SendAsync("work", "second");
        var stopping = rig.StopAsync();
        Assert.False(stopping.IsCompleted);
        finish.SetResult();
        await stopping;
        await rig.DisposeAsync();
        Assert.Equal(["start first 1", "end first 1"], _recorder.Seen.Snapshot());
        Assert.Equal("second", (await Queue("work").PeekMessageAsync()).Value.Body.ToString());
    }

    [Fact]
    public async Task StopWhoseTimeIsOver_CancelsTheFunctionAndReleasesItsMessageAtOnce()
    {
        AzuriteFixture.SkipIfMissing();
        _recorder.Script = (_, _, cancel) => Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        var rig = await StartAsync([typeof(ScriptedFunction)], stopTimeout: TimeSpan.FromMilliseconds(300));
        await SendAsync("work", "endless");
        await _recorder.Seen.WaitAsync(s => s == "start endless 1", "start");
        await rig.StopAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1504, "cancelled");
        await rig.DisposeAsync();
        Assert.Equal("endless", (await Queue("work").ReceiveMessageAsync()).Value?.Body.ToString());
    }

    [Fact]
    public async Task QueueThatIsDeleted_IsCreatedAgain()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync([typeof(ScriptedFunction)]);
        await SendAsync("work", "before");
        await _recorder.Seen.WaitAsync(s => s == "end before 1", "before");
        await Queue("work").DeleteAsync();
        await SendAsync("work", "after");
        await _recorder.Seen.WaitAsync(s => s == "end after 1", "after");
    }

    private Task<HostRig> StartAsync(
        Type[] functions, string? queues = null, TimeSpan? lease = null, TimeSpan? stopTimeout = null) =>
        QueueRig.StartAsync(azurite, _prefix, _recorder, functions, queues, lease, stopTimeout);

    private QueueClient Queue(string suffix) => new(azurite.ConnectionString, $"{_prefix}-{suffix}");

    private async Task SendAsync(string suffix, string body)
    {
        var queue = Queue(suffix);
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(body);
    }

    private async Task<string> PoisonedAsync() => (await Queue("work-poison").PeekMessageAsync()).Value.Body.ToString();

    private async Task<int> CountAsync(string suffix) => (await Queue(suffix).GetPropertiesAsync()).Value.ApproximateMessagesCount;
}
