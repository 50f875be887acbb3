using Azure.Messaging.ServiceBus;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Tests.Queues;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure.ServiceBus;
using ClickToDial.TestKit.Events;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Tests.ServiceBusTriggers;

/// <summary>Service Bus functions over the broker of the test kit.</summary>
public sealed class ServiceBusListenersTests : IAsyncLifetime
{
    private const string Queue = "steps";
    private readonly ServiceBusBroker _broker = new();
    private readonly QueueRecorder _recorder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker.AddQueue(Queue, new BusQueueOptions(RequiresSession: true, MaxDeliveryCount: 3));
        _broker.AddQueue("short", new BusQueueOptions(RequiresSession: true) { LockDuration = TimeSpan.FromMilliseconds(500) });
        await _broker.StartAsync();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task MessagesOfASession_RunOneAfterTheOther()
    {
        await SendAsync([.. Enumerable.Range(0, 30).Select(i => ($"{(char)('a' + (i % 3))}", $"{i}"))]);
        await using var rig = await StartAsync();
        await EndsAsync(30);

        foreach (var session in "abc")
        {
            var seen = _recorder.Seen.Snapshot().Where(s => s.Split(' ')[1][0] == session).ToList();
            var expected = Enumerable.Range(0, 30).Where(i => 'a' + (i % 3) == session)
                .SelectMany(i => new[] { $"start {session}{i} 1", $"end {session}{i} 1" });
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public async Task FailingMessage_ComesAgainBeforeTheNextOneAndEndsAmongTheDeadLetters()
    {
        _recorder.Script = (body, _, _) => body == "abad" ? throw new InvalidOperationException("It is bad.") : Task.CompletedTask;
        await SendAsync([("a", "bad"), ("a", "good")]);
        await using var rig = await StartAsync();
        await EndsAsync(1);

        Assert.Equal(["start abad 1", "start abad 2", "start abad 3", "start agood 1", "end agood 1"], _recorder.Seen.Snapshot());
        await using var client = new ServiceBusClient(_broker.ConnectionString);
        await using var dead = client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var buried = await dead.ReceiveMessageAsync(Patience.Step, Stop);
        Assert.Equal(("bad", "MaxDeliveryCountExceeded"), (buried?.Body.ToString(), buried?.DeadLetterReason));
    }

    [Fact]
    public async Task BrokerThatIsKilledWhileMessagesRunAndWait_LosesNoneAndKeepsTheirOrder()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _recorder.Script = (body, attempt, cancel) => body == "a1" && attempt == 1 && !release.Task.IsCompleted ? release.Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var rig = await StartAsync();
        await SendAsync([("a", "1"), ("a", "2"), ("a", "3"), ("b", "1")]);
        await _recorder.Seen.WaitAsync(s => s == "start a1 1", "the first one runs");
        await _recorder.Seen.WaitAsync(s => s == "end b1 1", "the other session's is done");

        await _broker.KillAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1521, "outage in the log", Patience.Start);
        release.SetResult();
        await rig.Logs.WaitAsync(l => l.Id == 1518, "the one that ran could not be settled", Patience.Start);
        await _broker.StartAsync();
        await SendAsync([("a", "4")]);

        await _recorder.Seen.WaitAsync(s => s.StartsWith("end a4", StringComparison.Ordinal), "the last one", Patience.Start);
        await rig.Logs.WaitAsync(l => l.Id == 1522, "it is back");
        var ends = _recorder.Seen.Snapshot().Where(s => s.StartsWith("end a", StringComparison.Ordinal)).Select(s => s.Split(' ')[1]);
        // What ran when the broker died comes again, before those behind it.
        Assert.Equal(["a1", "a1", "a2", "a3", "a4"], ends);
    }

    [Fact]
    public async Task LockThatIsLost_IsNotTakenForAnOutage()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _recorder.Script = (_, attempt, cancel) => attempt == 1 ? release.Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var rig = await StartAsync("short", "\"maxAutoLockRenewalDuration\": \"00:00:00\"");
        await SendAsync([("a", "1")], "short");
        await _recorder.Seen.WaitAsync(s => s == "end a1 2", "it ran again elsewhere, its lock over", Patience.Start);

        release.SetResult();
        await rig.Logs.WaitAsync(l => l.Id == 1518, "the first one can settle nothing", Patience.Start);
        await rig.Logs.WaitAsync(l => l.Id == 1523, "the session is lost", Patience.Start);

        Assert.DoesNotContain(rig.Logs.Snapshot(), l => l.Id == 1521);
    }

    [Fact]
    public async Task HostJson_SaysHowManySessionsRunAtOnce()
    {
        var (release, running, most) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0, 0);
        var three = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _recorder.Script = async (_, _, cancel) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 3) three.TrySetResult();
            await release.Task.WaitAsync(cancel);
            Interlocked.Decrement(ref running);
        };
        await SendAsync([.. Enumerable.Range(0, 8).Select(i => ($"{(char)('a' + i)}", "1"))]);
        await using var rig = await StartAsync(limits: "\"maxConcurrentSessions\": 3, \"sessionIdleTimeout\": \"00:00:00.050\"");
        await three.Task.WaitAsync(Patience.Start, Stop);
        release.SetResult();
        await EndsAsync(8);

        Assert.Equal(3, most);
    }

    [Fact]
    public void TriggersItDoesNotListenTo_AreRefused()
    {
        var errors = HostRig.ErrorsOf(new HostRigOptions(typeof(RefusedBusFunctions))
        {
            Settings = new Dictionary<string, string> { ["Bus"] = _broker.ConnectionString, ["Garbage"] = "not one" },
        });

        Assert.Contains(errors, e => e.Contains("NoSessions", StringComparison.Ordinal) && e.Contains("sessions only", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("NoConnection", StringComparison.Ordinal) && e.Contains("not set", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("Garbage", StringComparison.Ordinal) && e.Contains("not a Service Bus", StringComparison.Ordinal));
    }

    private Task<HostRig> StartAsync(string queue = Queue, string limits = "\"sessionIdleTimeout\": \"00:00:01\"") => HostRig.StartAsync(new HostRigOptions(typeof(BusFunctions))
    {
        HostJson = $$"""{ "version": "2.0", "extensions": { "http": { "routePrefix": "" }, "serviceBus": { {{limits}} } } }""",
        Settings = new Dictionary<string, string> { ["Bus"] = _broker.ConnectionString, ["BusQueue"] = queue },
        Configure = builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton(_recorder);
        },
    });

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; seen < value; seen = most)
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
    }

    private async Task EndsAsync(int count)
    {
        var ends = 0;
        await _recorder.Seen.WaitAsync(s => s.StartsWith("end ", StringComparison.Ordinal) && ++ends == count, $"{count} ends", Patience.Start);
    }

    private async Task SendAsync((string Session, string Body)[] messages, string queue = Queue)
    {
        await using var client = new ServiceBusClient(_broker.ConnectionString);
        await using var sender = client.CreateSender(queue);
        foreach (var (session, body) in messages) await sender.SendMessageAsync(new ServiceBusMessage(body) { SessionId = session }, Stop);
    }
}
