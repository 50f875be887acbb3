using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Network;

/// <summary>Phones on networks that lose datagrams and forget addresses, and a whole worker.</summary>
public sealed class BadNetworkTests
{
    private const double Loss = 0.2;
    private const double First = 440;
    private const double Second = 620;

    // A round trip that is lost is tried again after half a second, then one, two, four: some of that many times over.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Theory(DisplayName = "D4: registration and calls succeed where a fifth of all datagrams is lost each way")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_fifth_is_lost(int seed)
    {
        await using var worker = await LoneWorker.StartAsync(["101"]);
        await using var path = new LossyPath(worker.Sip, Loss, seed);
        await using var phone = await Phone.RegisteredAsync(worker.PhoneOf("101", First, path.Entry));
        for (var n = 0; n < 3; n++)
        {
            var call = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo"));
            await worker.Functions.EventAsync(call, CallEventType.CallConnected, limit: Limit);
            await (await phone.RingsAsync(n)).HearsAsync(First);
            await worker.Api.HangUpAsync(call);
            await worker.Functions.EndAsync(call, Limit);
        }
        Assert.Equal(3, phone.CallCount);
        Assert.InRange(path.Lost, 1, int.MaxValue);
    }

    [Fact(DisplayName = "D4: sound goes on both ways when a phone's NAT gives it another port")]
    public async Task A_phone_moves()
    {
        await using var worker = await LoneWorker.StartAsync(["101", "102"]);
        await using var caller = await Phone.RegisteredAsync(worker.PhoneOf("101", First));
        await using var callee = await Phone.RegisteredAsync(worker.PhoneOf("102", Second));
        var id = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "102"));
        await worker.Functions.EventAsync(id, CallEventType.CallConnected);
        var (here, there) = (await caller.RingsAsync(), await callee.RingsAsync());
        await HearEachOtherAsync(here, there);

        here.MoveMedia();
        // What comes at the new port was sent there; what the other hears after that was taken from there.
        await here.HearsAsync(Second, from: here.Heard.Count);
        await HearEachOtherAsync(here, there);
        there.MoveMedia();
        await there.HearsAsync(First, from: there.Heard.Count);
        await HearEachOtherAsync(here, there);

        await worker.Api.HangUpAsync(id);
        await worker.Functions.EndAsync(id);
    }

    private static async Task HearEachOtherAsync(PhoneCall here, PhoneCall there) => await Task.WhenAll(
        here.HearsAsync(Second, from: here.Heard.Count, tenths: 5), there.HearsAsync(First, from: there.Heard.Count, tenths: 5));
}
