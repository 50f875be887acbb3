using Azure.Messaging.ServiceBus;
using ClickToDial.TestKit.Azure.ServiceBus;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;

namespace ClickToDial.TestKit.Tests.Azure;

/// <summary>The broker as the unmodified SDK sees it.</summary>
public sealed class ServiceBusBrokerTests : IAsyncLifetime
{
    private const string Plain = "plain";
    private const string Sessions = "sessions";
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceBusBroker _broker;
    private ServiceBusClient _client = null!;

    public ServiceBusBrokerTests() => _broker = new ServiceBusBroker(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker.AddQueue(Plain, new BusQueueOptions(MaxDeliveryCount: 2) { DuplicateWindow = TimeSpan.FromMinutes(10) });
        _broker.AddQueue(Sessions, new BusQueueOptions(RequiresSession: true));
        await _broker.StartAsync();
        _client = new ServiceBusClient(_broker.ConnectionString, new ServiceBusClientOptions { RetryOptions = { TryTimeout = Patience.Step } });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Message_IsReceivedAsSentAndGoneOnceCompleted()
    {
        await using var sender = _client.CreateSender(Plain);
        await using var receiver = _client.CreateReceiver(Plain);
        await sender.SendMessageAsync(
            new ServiceBusMessage("hello") { MessageId = "one", Subject = "greeting", ApplicationProperties = { ["number"] = 7 } }, Stop);

        var received = await ReceiveAsync(receiver);

        Assert.Equal(("hello", "one", "greeting", 7), (received.Body.ToString(), received.MessageId, received.Subject, received.ApplicationProperties["number"]));
        Assert.Equal(1, received.DeliveryCount);
        await receiver.CompleteMessageAsync(received, Stop);
        Assert.Equal(0, await _broker.CountAsync(Plain));
    }

    [Fact]
    public async Task Peek_ShowsWhatIsThereAndTakesNothing()
    {
        await using var receiver = _client.CreateReceiver(Plain);
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Stop));
        await SendAsync(Plain, new ServiceBusMessage("seen") { MessageId = "one" });

        var seen = await receiver.PeekMessageAsync(cancellationToken: Stop);

        Assert.Equal(("seen", "one"), (seen.Body.ToString(), seen.MessageId));
        Assert.Equal("seen", (await ReceiveAsync(receiver)).Body.ToString());
    }

    [Fact]
    public async Task AbandonedMessage_ComesAgainAndIsBuriedAtTheLimit()
    {
        await SendAsync(Plain, new ServiceBusMessage("bad"));
        await using var receiver = _client.CreateReceiver(Plain);
        await receiver.AbandonMessageAsync(await ReceiveAsync(receiver), cancellationToken: Stop);
        var again = await ReceiveAsync(receiver);
        Assert.Equal(2, again.DeliveryCount);
        await receiver.AbandonMessageAsync(again, cancellationToken: Stop);

        var buried = await BuriedAsync(Plain);

        Assert.Equal(("bad", "MaxDeliveryCountExceeded"), (buried.Body.ToString(), buried.DeadLetterReason));
        Assert.Equal(0, await _broker.CountAsync(Plain));
    }

    [Fact]
    public async Task DeadLetteredMessage_KeepsReasonAndDescription()
    {
        await SendAsync(Plain, new ServiceBusMessage("bad"));
        await using var receiver = _client.CreateReceiver(Plain);
        await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver), "not-readable", "It is no JSON.", Stop);

        var buried = await BuriedAsync(Plain);

        Assert.Equal(("not-readable", "It is no JSON."), (buried.DeadLetterReason, buried.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task SecondMessageOfAnId_IsDropped()
    {
        await SendAsync(Plain, new ServiceBusMessage("first") { MessageId = "same" });
        await SendAsync(Plain, new ServiceBusMessage("second") { MessageId = "same" });

        Assert.Equal(1, await _broker.CountAsync(Plain));
    }

    [Fact]
    public async Task Batch_IsTakenApart()
    {
        await SendAsync(Plain, new ServiceBusMessage("a") { MessageId = "a" }, new ServiceBusMessage("b") { MessageId = "b" });
        await using var receiver = _client.CreateReceiver(Plain);

        Assert.Equal(["a", "b"], new[] { (await ReceiveAsync(receiver)).MessageId, (await ReceiveAsync(receiver)).MessageId });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ScheduledMessage_WaitsForItsTime(bool asRequest)
    {
        await using var sender = _client.CreateSender(Plain);
        var later = _time.GetUtcNow() + TimeSpan.FromHours(1);
        var message = new ServiceBusMessage("later");
        if (asRequest) await sender.ScheduleMessageAsync(message, later, Stop);
        else await SendAsync(Plain, new ServiceBusMessage("later") { ScheduledEnqueueTime = later });
        await SendAsync(Plain, new ServiceBusMessage("now"));
        await using var receiver = _client.CreateReceiver(Plain);

        var first = await ReceiveAsync(receiver);
        Assert.Equal("now", first.Body.ToString());
        await receiver.CompleteMessageAsync(first, Stop);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("later", (await ReceiveAsync(receiver)).Body.ToString());
    }

    [Fact]
    public async Task LockThatEnds_GivesTheMessageBackAndIsToldAtSettlement()
    {
        await SendAsync(Plain, new ServiceBusMessage("slow"));
        await using var receiver = _client.CreateReceiver(Plain);
        var late = await ReceiveAsync(receiver);
        _time.Advance(TimeSpan.FromSeconds(31));

        var again = await ReceiveAsync(receiver);

        Assert.Equal(2, again.DeliveryCount);
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(late, Stop));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, error.Reason);
    }

    [Fact]
    public async Task RenewedLock_Holds()
    {
        await SendAsync(Plain, new ServiceBusMessage("slow"));
        await using var receiver = _client.CreateReceiver(Plain);
        var message = await ReceiveAsync(receiver);
        var before = message.LockedUntil;
        _time.Advance(TimeSpan.FromSeconds(20));

        await receiver.RenewMessageLockAsync(message, Stop);

        Assert.True(message.LockedUntil > before);
    }

    [Fact]
    public async Task Sessions_AreEachReceivedInOrderByOneReceiver()
    {
        for (var i = 0; i < 4; i++)
            foreach (var id in new[] { "a", "b" }) await SendAsync(Sessions, new ServiceBusMessage($"{id}{i}") { SessionId = id });
        await using var first = await _client.AcceptNextSessionAsync(Sessions, cancellationToken: Stop);
        await using var second = await _client.AcceptNextSessionAsync(Sessions, cancellationToken: Stop);

        Assert.Equal(("a", "b"), (first.SessionId, second.SessionId));
        foreach (var receiver in new[] { first, second })
        {
            for (var i = 0; i < 4; i++)
            {
                var message = await ReceiveAsync(receiver);
                Assert.Equal($"{receiver.SessionId}{i}", message.Body.ToString());
                await receiver.CompleteMessageAsync(message, Stop);
            }
        }

        Assert.Equal(0, await _broker.CountAsync(Sessions));
    }

    [Fact]
    public async Task LockedSession_IsRefusedToOthersAndFreeOnceClosed()
    {
        await SendAsync(Sessions, new ServiceBusMessage("x") { SessionId = "a" });
        var holder = await _client.AcceptSessionAsync(Sessions, "a", cancellationToken: Stop);
        await ReceiveAsync(holder);
        await using var impatient = new ServiceBusClient(_broker.ConnectionString, new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0 } });

        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => impatient.AcceptSessionAsync(Sessions, "a", cancellationToken: Stop));
        await holder.DisposeAsync();
        await using var next = await _client.AcceptSessionAsync(Sessions, "a", cancellationToken: Stop);

        Assert.Equal(ServiceBusFailureReason.SessionCannotBeLocked, refused.Reason);
        Assert.Equal(1, (await ReceiveAsync(next)).DeliveryCount);
    }

    [Fact]
    public async Task NoSessionInTime_IsATimeout()
    {
        await using var broker = new ServiceBusBroker();
        broker.AddQueue(Sessions, new BusQueueOptions(RequiresSession: true));
        await broker.StartAsync();
        await using var impatient = new ServiceBusClient(
            broker.ConnectionString, new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(2) } });

        var error = await Assert.ThrowsAsync<ServiceBusException>(() => impatient.AcceptNextSessionAsync(Sessions, cancellationToken: Stop));

        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, error.Reason);
    }

    [Fact]
    public async Task Session_KeepsStateAndRenewsItsLock()
    {
        await using (var holder = await _client.AcceptSessionAsync(Sessions, "s", cancellationToken: Stop))
        {
            var before = holder.SessionLockedUntil;
            Assert.Null(await holder.GetSessionStateAsync(Stop));
            await holder.SetSessionStateAsync(BinaryData.FromString("left here"), Stop);
            _time.Advance(TimeSpan.FromSeconds(20));
            await holder.RenewSessionLockAsync(Stop);
            Assert.True(holder.SessionLockedUntil > before);
        }

        await using var next = await _client.AcceptSessionAsync(Sessions, "s", cancellationToken: Stop);

        Assert.Equal("left here", (await next.GetSessionStateAsync(Stop)).ToString());
    }

    [Fact]
    public async Task KilledBroker_KeepsWhatItHasTaken()
    {
        await SendAsync(Sessions, new ServiceBusMessage("before") { SessionId = "a" });
        await _broker.KillAsync();
        await _broker.StartAsync();
        await SendAsync(Sessions, new ServiceBusMessage("after") { SessionId = "a" });
        await using var receiver = await _client.AcceptNextSessionAsync(Sessions, cancellationToken: Stop);

        Assert.Equal(["before", "after"], new[] { (await ReceiveAsync(receiver)).Body.ToString(), (await ReceiveAsync(receiver)).Body.ToString() });
    }

    [Fact]
    public async Task SessionProcessor_TakesAllOfManySessionsInOrder()
    {
        for (var i = 0; i < 60; i++) await SendAsync(Sessions, new ServiceBusMessage($"{i}") { SessionId = $"{i % 6}" });
        var log = new EventLog<(string Session, int Number)>("taken");
        await using var processor = _client.CreateSessionProcessor(Sessions, new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 3, SessionIdleTimeout = TimeSpan.FromSeconds(1) });
        processor.ProcessMessageAsync += e =>
        {
            log.Append((e.SessionId, int.Parse(e.Message.Body.ToString(), System.Globalization.CultureInfo.InvariantCulture)));
            return Task.CompletedTask;
        };
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        await processor.StartProcessingAsync(Stop);
        await log.WaitAsync(_ => log.Count >= 60, "all of them");
        await processor.StopProcessingAsync(Stop);

        var taken = log.Snapshot();
        foreach (var session in taken.GroupBy(e => e.Session))
            Assert.Equal(session.Select(e => e.Number).Order(), session.Select(e => e.Number));
        Assert.Equal(60, taken.Select(e => e.Number).Distinct().Count());
    }

    private async Task SendAsync(string queue, params ServiceBusMessage[] messages)
    {
        await using var sender = _client.CreateSender(queue);
        await sender.SendMessagesAsync(messages, Stop);
    }

    private async Task<ServiceBusReceivedMessage> BuriedAsync(string queue)
    {
        await using var dead = _client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        return await ReceiveAsync(dead);
    }

    private static async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver receiver)
    {
        var message = await receiver.ReceiveMessageAsync(Patience.Step, Stop);
        Assert.NotNull(message);
        return message;
    }
}
