using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Control;

/// <summary>Transfers ordered of a worker that runs as a process, heard at the phones.</summary>
public sealed class TransferTests
{
    [Fact(DisplayName = "D4: attended transfer over the process: both far ends hear each other, and each call ends once")]
    public async Task Attended()
    {
        await using var worker = await LoneWorker.StartAsync(["101", "102", "103"]);
        await using var user = await Phone.RegisteredAsync(worker.PhoneOf("101", 400));
        await using var second = await Phone.RegisteredAsync(worker.PhoneOf("102", 800));
        await using var third = await Phone.RegisteredAsync(worker.PhoneOf("103", 1300));
        var first = await ConnectAsync(worker, "102");
        var stays = await second.RingsAsync();
        await stays.HearsAsync(400);
        await worker.Api.OrderAsync(first, "hold");
        var consultation = await ConnectAsync(worker, "103");
        var asked = await third.RingsAsync();
        await asked.HearsAsync(400);

        await worker.Api.OrderAsync(first, "transfer", new TransferCommand(WithCall: consultation.Value, CommandId: "t-1"));
        await asked.HearsAsync(800);
        await stays.HearsAsync(1300);
        Assert.Equal((CallReasons.Transferred, first), await EndOfAsync(worker, consultation));
        Assert.Equal("103", (await worker.Functions.EventAsync(first, CallEventType.CallTransferred)).Leg!.Device);
        await asked.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await stays.EndsAsync());
        Assert.Equal(CallReasons.UserHungUp, (await EndOfAsync(worker, first)).Reason);
        foreach (var call in new[] { first, consultation })
            Assert.Single(worker.Functions.Events.Snapshot(), told => told.CallId == call && told.Type == CallEventType.CallEnded);
    }

    private static async Task<(string Reason, CallId? Other)> EndOfAsync(LoneWorker worker, CallId call)
    {
        var ended = await worker.Functions.EndAsync(call);
        return (ended.Outcome!.Reason, ended.Transfer?.OtherCall);
    }

    private static async Task<CallId> ConnectAsync(LoneWorker worker, string destination)
    {
        var id = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", destination, null, Prompt: false, RingTimeoutSeconds: 30));
        await worker.Functions.EventAsync(id, CallEventType.CallConnected);
        return id;
    }
}
