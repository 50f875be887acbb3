using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Transfers in which trunks take part: of a caller from outside, and to a number outside.</summary>
public sealed class TransferOutTests : FlowTest
{
    private const string Did = "+4930101";
    private const double Target = 1300;

    [Theory(DisplayName = "D4: a caller from outside is transferred to another user, by the phone or by the API")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Caller_from_outside_hears_whom_it_was_transferred_to(bool byPhone)
    {
        await using var user = await RegisteredAsync("101-a");
        await using var target = await Rig.PhoneAsync("102-a", Target, IncomingCall.Answer);
        await using var carrier = new SipUa(Rig.SipAddress);
        await PublishAsync(new TrunkSettings(), carrier);
        using var ear = new Ear();
        var caller = CallIn(carrier, ear);
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        Assert.Equal(200, (await caller.FinalAsync()).Status);
        var id = (await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "the call")).CallId;

        if (byPhone) Assert.Equal(202, (await user.ReferAsync(dialog, $"<sip:102@{WorkerRig.Domain}>", headers => headers.Add(HeaderName.ReferredBy, $"<sip:101@{WorkerRig.Domain}>"))).Status);
        else await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102"));
        var rung = await target.RingsAsync();
        Assert.Equal("+12025550100", rung.CallerNumber);
        await ear.HearsAsync(Target);
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal("102-a", transferred.Leg!.Device);

        Assert.Equal(200, (await carrier.AskAsync(caller.Dialog!, SipMethod.Bye)).Status);
        Assert.Equal(CallEnd.HungUpByPeer, await rung.EndsAsync());
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.CallerHungUp);
        Assert.Equal(["carrier", null, null], ended.Legs!.Select(leg => leg.Trunk));
    }

    [Fact(DisplayName = "D4: a transfer to a number goes to the next server and the next trunk like any call")]
    public async Task Transfer_to_a_number_outside_tries_server_after_server()
    {
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 400, IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", hertz: 500, IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await using var far = new Phone(new PhoneSettings(Rig.SipAddress, WorkerRig.Domain, "far", WorkerRig.Password, Target) { OnCall = IncomingCall.Answer });
        Rig.Functions.Publish(WorkerRig.Snapshot(
            new TrunkEntry("long", ["+49"], "sip:carrier.example", Settings: Servers(first.Address, second.Address)),
            new TrunkEntry("short", ["+"], "sip:carrier.example", Settings: Servers(far.Address))));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk { Trunks.Count: 2 });
        var id = await OriginateAsync(WorkerRig.Command("102"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand(Number));
        (await first.RequestAsync()).Respond(503);
        (await second.RequestAsync()).Respond(500);
        var stays = await other.RingsAsync();
        await stays.HearsAsync(Target);
        await (await far.RingsAsync()).HearsAsync(500);
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal("short", transferred.Leg!.Trunk);
        Assert.Equal(CallEnd.HungUpByPeer, await (await phone.RingsAsync()).EndsAsync());
        await stays.HangUpAsync();
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
        Assert.Equal(["long", "long", "short"], ended.Legs!.Where(leg => leg.Trunk is not null).Select(leg => leg.Trunk));
    }

    [Fact]
    public async Task Transfer_to_a_number_that_no_server_takes_leaves_both_as_they_were()
    {
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 400, IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", hertz: 500, IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("long", ["+49"], "sip:carrier.example", Settings: Servers(first.Address, second.Address))));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk);
        var id = await OriginateAsync(WorkerRig.Command("102"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand(Number));
        (await first.RequestAsync()).Respond(503);
        (await second.RequestAsync()).Respond(503);
        Assert.Equal(503, (await Rig.Functions.EventAsync(id, CallEventType.CallTransferFailed)).Transfer!.SipStatus);
        var (user, stays) = (await phone.RingsAsync(), await other.RingsAsync());
        await user.HearsAsync(500, user.Heard.Count);
        await stays.HearsAsync(400, stays.Heard.Count);
    }

    private static TrunkSettings Servers(params System.Net.IPEndPoint[] servers) =>
        new(Servers: [.. servers.Select((server, i) => new TrunkServer($"sip:{server}", i))]);

    private SipUa.Dialled CallIn(SipUa carrier, Ear ear)
    {
        var invite = carrier.Endpoint.CreateRequest(
            SipMethod.Invite, SipUri.Parse($"sip:{Did}@{Rig.SipAddress}"), NameAddress.Parse("<sip:+12025550100@carrier.example>"),
            NameAddress.Parse($"<sip:{Did}@{Rig.SipAddress}>"), SipUri.Parse($"sip:trunk@{carrier.Address}"));
        invite.SetBody(ear.Sdp(), "application/sdp");
        var dialled = new SipUa.Dialled(carrier);
        dialled.Invite = carrier.Endpoint.Invite(invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled);
        return dialled;
    }

    private Task PublishAsync(TrunkSettings settings, SipUa carrier)
    {
        var known = WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], $"sip:{carrier.Address}", Settings: settings));
        var users = known.Domains[0].Users.Select(user => user.Name == "101" ? user with { Numbers = [Did] } : user).ToList();
        Rig.Functions.Publish(known with { Domains = [known.Domains[0] with { Users = users }] });
        return Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
    }
}
