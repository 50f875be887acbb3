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
    public async Task BrokerThatIsKilledAndComesBack_LosesNothing()
    {
        await using var rig = await StartAsync();
        await SendAsync([("a", "before")]);
        await _recorder.Seen.WaitAsync(s => s.StartsWith("end abefore", StringComparison.Ordinal), "end before");
        await _broker.KillAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1521, "outage in the log", Patience.Start);
        await _broker.StartAsync();
        await SendAsync([("a", "after")]);

        await _recorder.Seen.WaitAsync(s => s.StartsWith("end aafter", StringComparison.Ordinal), "end after", Patience.Start);
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

    private Task<HostRig> StartAsync() => HostRig.StartAsync(new HostRigOptions(typeof(BusFunctions))
    {
        Settings = new Dictionary<string, string> { ["Bus"] = _broker.ConnectionString },
        Configure = builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton(_recorder);
        },
    });

    private async Task EndsAsync(int count)
    {
        var ends = 0;
        await _recorder.Seen.WaitAsync(s => s.StartsWith("end ", StringComparison.Ordinal) && ++ends == count, $"{count} ends", Patience.Start);
    }

    private async Task SendAsync((string Session, string Body)[] messages)
    {
        await using var client = new ServiceBusClient(_broker.ConnectionString);
        await using var sender = client.CreateSender(Queue);
        foreach (var (session, body) in messages) await sender.SendMessageAsync(new ServiceBusMessage(body) { SessionId = session }, Stop);
    }
}
