using System.Net;
using System.Net.WebSockets;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>Calls of one worker to phones of another.</summary>
[Trait("row", "D6")]
public sealed class TwoWorkersTests : TwoWorkersTest
{
    private const double User = 400;
    private const double Far = 800;

    [Fact(DisplayName = "D6: a call runs on one worker with the user's phone at another: sound, hold and resume by the phone, and its hanging up")]
    public async Task Phone_of_the_user_is_at_another_worker()
    {
        await using var phone = await Phones.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var other = await Calls.PhoneAsync("102-a", Far, IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("102");
        var (user, far) = (await phone.RingsAsync(), await other.RingsAsync());
        await user.HearsAsync(Far);
        await far.HearsAsync(User);
        Assert.Empty(Phones.Functions.Events.Snapshot());

        Assert.Equal("recvonly", await user.ReinviteAsync("sendonly"));
        await far.HearsAsync(WorkerRig.HoldHertz);
        var heard = far.Heard.Count;
        Assert.Equal("sendrecv", await user.ReinviteAsync("sendrecv"));
        await far.HearsAsync(User, heard);
        await Calls.Api.OrderAsync(id, "hold", new ClickToDial.Contracts.Control.LegCommand("destination"));
        await user.HearsAsync(WorkerRig.HoldHertz, user.Heard.Count);

        await user.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact(DisplayName = "D6: a destination at another worker is rung, and hung up by the worker that has the call")]
    public async Task Destination_is_at_another_worker()
    {
        await using var phone = await Calls.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var other = await Phones.PhoneAsync("102-a", Far, IncomingCall.Answer);
        await KnownAsync("102");
        var id = await OriginateAsync("102");
        await (await other.RingsAsync()).HearsAsync(User);
        await Calls.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.HungUpByPeer, await (await other.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact(DisplayName = "D6: a phone at another worker stops ringing when the call is given up, and may refuse it")]
    public async Task Cancelled_and_refused()
    {
        await using var phone = await Phones.PhoneAsync("101-a");
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        var ringing = await phone.RingsAsync();
        await Calls.Functions.EventAsync(id, CallEventType.LegRinging);
        await Calls.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.Cancelled, await ringing.EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.HungUpByApi);

        var second = await OriginateAsync("echo");
        (await phone.RingsAsync(from: 1)).Reject(486);
        await EndsAsync(second, CallResult.Busy, CallReasons.UserBusy);
    }

    [Fact(DisplayName = "D6: what a phone dials rings the devices of a user at both workers; the first to answer wins")]
    public async Task Dialled_and_forked_over_both()
    {
        await using var there = await Phones.PhoneAsync("101-a", User);
        await using var here = await Calls.PhoneAsync("101-b", Far);
        await KnownAsync("101");
        await using var caller = new SipUa(Calls.SipAddress);
        await caller.RegisterAsync("102-a");
        var dialled = caller.Dial("101", SipUa.Sdp("8"), account: "102-a", change: From102);
        var (atThere, atHere) = (await there.RingsAsync(), await here.RingsAsync());
        await atThere.AnswerAsync();
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        Assert.Equal(CallEnd.Cancelled, await atHere.EndsAsync());
        Assert.Equal(200, (await caller.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
        Assert.Equal(CallEnd.HungUpByPeer, await atThere.EndsAsync());
    }

    [Fact(DisplayName = "D6: a call from a trunk of one worker reaches the phone at another")]
    public async Task Brought_by_a_trunk()
    {
        await using var phone = await Phones.PhoneAsync("102-a");
        await KnownAsync("102");
        await using var trunk = new SipUa(Calls.SipAddress);
        Calls.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], $"sip:{trunk.Address}", Domains: [WorkerRig.Domain])));
        await Calls.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        var dialled = trunk.Bring("102");
        var ringing = await phone.RingsAsync();
        await ringing.AnswerAsync();
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        await ringing.HangUpAsync();
        Assert.Equal(SipMethod.Bye, (await trunk.InDialogAsync()).Request.Method);
    }

    [Fact(DisplayName = "D6: a phone at another worker is called by the TCP connection it has there, and not any more when that has ended")]
    public async Task Connection_at_another_worker()
    {
        await using (var device = new SipUa(Tcp, kind: SipTransportKind.Tcp))
        {
            // Nobody listens at its contact: only its own connection leads there.
            Assert.Equal(200, (await device.RegisterAsync("101-a", "<sip:101-a@127.0.0.1:9;transport=tcp>")).Status);
            await KnownAsync("101");
            var id = await OriginateAsync("echo");
            var invite = await device.RequestAsync();
            Assert.Equal(SipTransportKind.Tcp, invite.Flow.Kind);
            var dialog = device.Answer(invite, SipUa.Sdp("8"), contactUri: "sip:101-a@127.0.0.1:9;transport=tcp");
            await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
            Assert.Equal(200, (await device.AskAsync(dialog, SipMethod.Bye)).Status);
            await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        }

        await KnownAsync("101", 0);
        await EndsAsync(await OriginateAsync("echo"), CallResult.Failed, CallReasons.UserNotRegistered);
    }

    [Fact(DisplayName = "D6: a worker that dies takes its own phones along and nothing else; when it is back, they are called again and calls to them go on")]
    public async Task One_dies()
    {
        await using var phone = await Phones.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var other = await Calls.PhoneAsync("102-a", Far, IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("102");
        var (user, far) = (await phone.RingsAsync(), await other.RingsAsync());
        await user.HearsAsync(Far);

        await Phones.KillWorkerAsync();
        await KnownAsync("101", 0);
        var heard = far.Heard.Count;
        await far.HearsAsync(User, heard);
        await EndsAsync(await OriginateAsync("echo"), CallResult.Failed, CallReasons.UserNotRegistered);

        // It kept its registrations, and has another name now: what the call asks of the phone goes by it.
        await Phones.StartWorkerAsync();
        Introduce();
        await KnownAsync("101");
        await Calls.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.HungUpByPeer, await user.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact(DisplayName = "D6: a worker that takes no new calls still lends its phones")]
    public async Task Draining()
    {
        await using var phone = await Phones.PhoneAsync("101-a", User, IncomingCall.Answer);
        await KnownAsync("101");
        await Phones.Server.DrainAsync(CancellationToken.None);
        Assert.True(Phones.Server.Health.Draining);
        var id = await OriginateAsync("echo");
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        await (await phone.RingsAsync()).HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact(DisplayName = "D6: a worker that is to go waits for the calls of others over its phones")]
    public async Task Leaving()
    {
        await using var phone = await Phones.PhoneAsync("101-a", User, IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        // However slow the machine is: the answer alone lets it go.
        Phones.Server.Fellows!.UseLimit = TimeSpan.FromMinutes(10);
        var drained = Phones.Server.DrainAsync(CancellationToken.None);
        var call = await phone.RingsAsync();
        Assert.Equal("recvonly", await call.ReinviteAsync("sendonly"));
        Assert.False(drained.IsCompleted);
        await call.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        await drained.WaitAsync(Patience.Limit);
    }

    [Fact(DisplayName = "D6: phones are lent to nobody without the control token")]
    public async Task Strangers()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", "Bearer wrong");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{Phones.ControlUrl.Authority}/control/fellows/stranger"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    private static void From102(SipRequest invite)
    {
        invite.From = NameAddress.Parse($"<sip:102-a@{WorkerRig.Domain}>;tag={Guid.NewGuid():N}");
    }
}
