using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Transfers by REFER (RFC 3515), by INVITE with Replaces (RFC 3891), and by the control API.</summary>
public sealed class TransferTests : FlowTest
{
    private const double Target = 500;
    private const double Far = 800;
    private const double Ringback = 425;

    [Fact]
    public async Task Blind_by_refer_joins_the_far_end_with_the_target_and_tells_the_transferor_how_it_goes()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, dialog, far) = await TalkAsync(user);

        var accepted = await user.ReferAsync(dialog, $"<sip:102@{WorkerRig.Domain}>", headers => headers.Add(HeaderName.ReferredBy, "<sip:101@demo.local>"));
        Assert.Equal(202, accepted.Status);
        Assert.Equal((100, false), await user.NotifiedAsync());
        var rung = await target.RingsAsync();
        Assert.Equal(Number, rung.CallerNumber);
        Assert.Equal("<sip:101@demo.local>", rung.Header("Referred-By"));
        Assert.Equal((180, false), await user.NotifiedAsync());
        await far.HearsAsync(Ringback);
        var during = await Rig.Api.GetAsync(id);
        Assert.Equal((CallState.Connected, "102", "leg-1"), (during!.State, during.Talk!.Transfer!.To, during.Talk.Transfer.Transferor));

        await rung.AnswerAsync();
        Assert.Equal((200, true), await user.NotifiedAsync());
        await TakeByeAsync(user);
        await rung.HearsAsync(Far);
        await far.HearsAsync(Target, far.Heard.Count);
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal(("102-a", "leg-1", "102"), (transferred.Leg!.Device, transferred.Leg.Replaces, transferred.Transfer!.To));

        await rung.HangUpAsync();
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        Assert.Equal([CallReasons.Transferred, CallReasons.UserHungUp], ended.Legs!.Where(leg => leg.Role == LegRole.User).Select(leg => leg.Reason));
    }

    [Theory]
    [InlineData(486, CallReasons.DestinationBusy)]
    [InlineData(603, CallReasons.DestinationRefused)]
    public async Task Blind_that_fails_leaves_the_transferor_in_the_call(int status, string reason)
    {
        await using var phone = await Rig.PhoneAsync("101-a", 400, IncomingCall.Answer);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var (user, far) = (await phone.RingsAsync(), await trunk.RingsAsync());

        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102"));
        (await target.RingsAsync()).Reject(status);
        var failed = await Rig.Functions.EventAsync(id, CallEventType.CallTransferFailed);
        Assert.Equal((status, reason), (failed.Transfer!.SipStatus, failed.Transfer.Reason));
        await user.HearsAsync(Far, user.Heard.Count);
        await far.HearsAsync(400, far.Heard.Count);
        Assert.Null((await Rig.Api.GetAsync(id))!.Talk!.Transfer);
        await far.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Failure_is_told_by_notify_and_the_transferor_stays_until_it_hangs_up()
    {
        await using var user = new SipUa(Rig.SipAddress);
        var (id, dialog, far) = await TalkAsync(user);
        Assert.Equal(202, (await user.ReferAsync(dialog, "<sip:busy@127.0.0.1>")).Status);
        Assert.Equal((100, false), await user.NotifiedAsync());
        Assert.Equal((486, true), await user.NotifiedAsync());
        Assert.False(far.HasEnded);
        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Bye)).Status);
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Transferor_that_hangs_up_at_once_does_not_end_the_call()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, dialog, far) = await TalkAsync(user);
        await user.ReferAsync(dialog, $"<sip:102@{WorkerRig.Domain}>", headers => headers.Add("Refer-Sub", "false"));
        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Bye)).Status);
        var rung = await target.RingsAsync();
        await rung.AnswerAsync();
        await rung.HearsAsync(Far);
        await far.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Call_whose_transferor_has_gone_ends_when_the_target_refuses()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, dialog, far) = await TalkAsync(user);
        await user.ReferAsync(dialog, $"<sip:102@{WorkerRig.Domain}>");
        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Bye)).Status);
        (await target.RingsAsync()).Reject(486);
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Far_end_that_hangs_up_meanwhile_stops_the_ringing()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, dialog, far) = await TalkAsync(user);
        await user.ReferAsync(dialog, $"<sip:102@{WorkerRig.Domain}>");
        var rung = await target.RingsAsync();
        await far.HangUpAsync();
        Assert.Equal(CallEnd.Cancelled, await rung.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Refer_without_subscription_is_told_so_and_hears_nothing_more()
    {
        await using var user = new SipUa(Rig.SipAddress);
        var (id, dialog, _) = await TalkAsync(user);
        var accepted = await user.ReferAsync(dialog, "<sip:echo@127.0.0.1>", headers => headers.Add("Refer-Sub", "false").Add(HeaderName.Require, "norefersub"));
        Assert.Equal(200, accepted.Status);
        Assert.Equal("false", accepted.Headers.Get("Refer-Sub"));
        await TakeByeAsync(user);
        await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
    }

    [Theory]
    [InlineData("<sip:102@demo.local;method=BYE>", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("<sip:nobody@demo.local>", 404)]
    [InlineData("<sip:102@demo.local>", 404)]
    [InlineData("<sip:x@demo.local?Replaces=no%3Bto-tag%3D1%3Bfrom-tag%3D2>", 404)]
    [InlineData("<sip:x@demo.local?Replaces=no>", 400)]
    public async Task Refer_that_leads_nowhere_is_refused(string referTo, int status)
    {
        await using var user = new SipUa(Rig.SipAddress);
        var (_, dialog, far) = await TalkAsync(user);
        Assert.Equal(status, (await user.ReferAsync(dialog, referTo)).Status);
        Assert.False(far.HasEnded);
    }

    [Fact]
    public async Task Number_the_domain_may_not_dial_cannot_be_referred_to()
    {
        await using var user = new SipUa(Rig.SipAddress);
        var (_, dialog, _) = await TalkAsync(user);
        Rig.Functions.Publish(new DirectorySnapshot(
            [WorkerRig.Snapshot().Domains[0] with { Policy = new DomainPolicy(["+49"], ["+49900"]) }],
            [new TrunkEntry("world", ["+49"], $"sip:{Rig.Trunk.Address}")]));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.PolicyOf(WorkerRig.Domain) is not null);
        Assert.Equal(403, (await user.ReferAsync(dialog, "<sip:+49900123456@demo.local>")).Status);
    }

    [Fact]
    public async Task Far_end_outside_may_not_have_us_dial()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = new SipUa(Rig.SipAddress);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}")));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var dialog = far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        Assert.Equal(403, (await far.ReferAsync(dialog, "<sip:+49900123456@demo.local>")).Status);
    }

    [Fact]
    public async Task Attended_by_refer_joins_the_two_far_ends_and_ends_each_call_once()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var third = await Rig.PhoneAsync("102-a", Target, IncomingCall.Answer);
        var (first, dialog, far) = await TalkAsync(user);
        var (second, consultation) = await ConsultAsync(user);
        var asked = await third.RingsAsync();

        // As the far end of the consultation, which is us, sees its dialog.
        var replaces = $"{consultation.Id.CallId};to-tag={consultation.Id.RemoteTag};from-tag={consultation.Id.LocalTag}";
        var referTo = $"<sip:102@{WorkerRig.Domain}?Replaces={Uri.EscapeDataString(replaces)}>";
        Assert.Equal(202, (await user.ReferAsync(dialog, referTo)).Status);
        await asked.HearsAsync(Far);
        await far.HearsAsync(Target, far.Heard.Count);

        var ended = await EndsAsync(second, CallResult.Answered, CallReasons.Transferred);
        Assert.Equal(first, ended.Transfer!.OtherCall);
        var transferred = await Rig.Functions.EventAsync(first, CallEventType.CallTransferred);
        Assert.Equal((second, "102-a"), (transferred.Transfer!.OtherCall, transferred.Leg!.Device));
        await asked.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(first, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Attended_by_the_api_joins_the_two_far_ends()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var third = await Rig.PhoneAsync("102-a", Target, IncomingCall.Answer);
        var (first, _, far) = await TalkAsync(user);
        var (second, _) = await ConsultAsync(user);
        var command = new TransferCommand(WithCall: second.Value, CommandId: "join-1");
        await Rig.Api.OrderAsync(first, "transfer", command);
        var asked = await third.RingsAsync();
        await asked.HearsAsync(Far);
        await far.HearsAsync(Target, far.Heard.Count);
        Assert.Equal(CallState.Connected, (await Rig.Api.OrderAsync(first, "transfer", command)).State);
        await EndsAsync(second, CallResult.Answered, CallReasons.Transferred);
        await far.HangUpAsync();
        await EndsAsync(first, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Two_joins_across_each_other_end_both_calls_once_and_leave_nobody_behind()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var third = await Rig.PhoneAsync("102-a", Target, IncomingCall.Answer);
        var (first, _, far) = await TalkAsync(user);
        var (second, _) = await ConsultAsync(user);
        await Task.WhenAll(
            Rig.Api.PostAsync(first, "transfer", new TransferCommand(WithCall: second.Value)),
            Rig.Api.PostAsync(second, "transfer", new TransferCommand(WithCall: first.Value)));
        await Task.WhenAll(Rig.Api.HangUpAsync(first), Rig.Api.HangUpAsync(second));
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        Assert.Equal(CallEnd.HungUpByPeer, await (await third.RingsAsync()).EndsAsync());
        foreach (var id in new[] { first, second })
        {
            await Rig.Functions.EndAsync(id);
            Assert.Single(Rig.Functions.Events.Snapshot(), told => told.CallId == id && told.Type == CallEventType.CallEnded);
        }
    }

    [Fact]
    public async Task Two_transfers_at_once_ring_one_target()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, _, _) = await TalkAsync(user);
        var command = new TransferCommand("102");
        await Task.WhenAll(Rig.Api.OrderAsync(id, "transfer", command), Rig.Api.OrderAsync(id, "transfer", command));
        Assert.Equal((409, WorkerProblemReasons.TransferUnderWay), await Rig.Api.RefusedAsync(id, "transfer", new TransferCommand("echo")));
        await (await target.RingsAsync()).AnswerAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal(1, target.CallCount);
    }

    [Fact]
    public async Task Transferor_is_dropped_at_once_where_that_was_ordered()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var target = await Rig.PhoneAsync("102-a", Target);
        var (id, _, _) = await TalkAsync(user);
        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102", Drop: true));
        await TakeByeAsync(user);
        var rung = await target.RingsAsync();
        await rung.AnswerAsync();
        await rung.HearsAsync(Far);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Invite_with_replaces_takes_the_place_of_the_leg_it_names()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var comer = new SipUa(Rig.SipAddress);
        var (id, dialog, far) = await TalkAsync(user);
        var replaces = $"{dialog.Id.CallId};to-tag={dialog.Id.RemoteTag};from-tag={dialog.Id.LocalTag}";
        var dialled = comer.Dial("101", SipUa.Sdp("8"), "102-a", change: invite => invite.Headers.Add(HeaderName.Replaces, replaces));
        Assert.Equal(200, (await dialled.ResponseAsync()).Status);
        await TakeByeAsync(user);
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal(("102-a", "leg-1"), (transferred.Leg!.Device, transferred.Leg.Replaces));
        Assert.Equal(200, (await comer.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Theory(DisplayName = "D4: who takes a place without an offer is offered what the other has, and has the place with its ACK")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invite_with_replaces_and_no_offer(bool answers)
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var comer = new SipUa(Rig.SipAddress);
        var (id, dialog, far) = await TalkAsync(user);
        var replaces = $"{dialog.Id.CallId};to-tag={dialog.Id.RemoteTag};from-tag={dialog.Id.LocalTag}";
        var dialled = comer.Dial("101", [], "102-a", change: invite => invite.Headers.Add(HeaderName.Replaces, replaces));
        var ok = await dialled.FinalAsync();
        Assert.Equal(200, ok.Status);
        Assert.Contains("RTP/AVP 8", System.Text.Encoding.ASCII.GetString(ok.Body.Span), StringComparison.Ordinal);
        using var ear = new Ear();
        dialled.Invite.Acknowledge(dialled.Dialog!, answers ? ear.Sdp() : default, "application/sdp");
        if (answers)
        {
            await TakeByeAsync(user);
            await ear.HearsAsync(Far);
            Assert.Equal("102-a", (await Rig.Functions.EventAsync(id, CallEventType.CallTransferred)).Leg!.Device);
            Assert.Equal(200, (await comer.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
        }
        else
        {
            await TakeByeAsync(comer);
            Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Bye)).Status);
        }
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Theory]
    [InlineData("nobody;to-tag=1;from-tag=2", 481)]
    [InlineData("nobody", 400)]
    public async Task Invite_with_replaces_that_names_nothing_is_refused(string replaces, int status)
    {
        await using var comer = new SipUa(Rig.SipAddress);
        var dialled = comer.Dial("101", SipUa.Sdp("8"), change: invite => invite.Headers.Add(HeaderName.Replaces, replaces));
        Assert.Equal(status, (await dialled.ResponseAsync()).Status);
    }

    private static async Task TakeByeAsync(SipUa ua)
    {
        var bye = await ua.InDialogAsync();
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        bye.Respond(200);
    }

    // 101's device talks to the far end of the trunk.
    private async Task<(CallId Id, Dialog User, PhoneCall Far)> TalkAsync(SipUa user)
    {
        await user.RegisterAsync("101-a");
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        return (id, dialog, await trunk.RingsAsync());
    }

    // And then to 102, in a call of its own.
    private async Task<(CallId Id, Dialog Dialog)> ConsultAsync(SipUa user)
    {
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        return (id, dialog);
    }
}
