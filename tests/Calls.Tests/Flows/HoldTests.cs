using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Hold and resume, by phone and by the control API; mute, keys and announcements.</summary>
public sealed class HoldTests : FlowTest
{
    private const double Music = WorkerRig.HoldHertz;
    private const double User = 400;
    private const double Far = 800;

    [Fact]
    public async Task Far_end_hears_music_while_the_users_phone_holds_and_both_hear_each_other_afterwards()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, user, far) = await ConnectAsync(phone, trunk);

        Assert.Equal("recvonly", await user.ReinviteAsync("sendonly"));
        await far.HearsAsync(Music);
        var held = await Rig.Functions.EventAsync(id, CallEventType.CallHeld);
        Assert.Equal("101-a", held.Leg!.Device);
        Assert.Equal([held.Leg.LegId], (await Rig.Api.GetAsync(id))!.Talk!.HeldBy);

        var (userHeard, farHeard) = (user.Heard.Count, far.Heard.Count);
        Assert.Equal("sendrecv", await user.ReinviteAsync("sendrecv"));
        await user.HearsAsync(Far, userHeard);
        await far.HearsAsync(User, farHeard);
        await Rig.Functions.EventAsync(id, CallEventType.CallResumed);
        Assert.Empty((await Rig.Api.GetAsync(id))!.Talk!.HeldBy);
        await user.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Hold_in_the_old_style_without_an_address_is_one()
    {
        await using var user = await RegisteredAsync("101-a");
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        var hold = System.Text.Encoding.ASCII.GetString(SipUa.Sdp("8")).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal);
        var update = await user.AskAsync(dialog, SipMethod.Update, "application/sdp", hold);
        Assert.Equal(200, update.Status);
        await (await trunk.RingsAsync()).HearsAsync(Music);
        await Rig.Functions.EventAsync(id, CallEventType.CallHeld);
    }

    [Fact]
    public async Task Api_holds_and_resumes_for_the_user_however_often_it_says_so()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, user, far) = await ConnectAsync(phone, trunk);

        var held = await Rig.Api.OrderAsync(id, "hold");
        Assert.Equal(["leg-1"], held.Talk!.HeldBy);
        Assert.Equal(["leg-1"], (await Rig.Api.OrderAsync(id, "hold", new LegCommand("user", "again"))).Talk!.HeldBy);
        await far.HearsAsync(Music);

        var (userHeard, farHeard) = (user.Heard.Count, far.Heard.Count);
        Assert.Empty((await Rig.Api.OrderAsync(id, "resume")).Talk!.HeldBy);
        await user.HearsAsync(Far, userHeard);
        await far.HearsAsync(User, farHeard);
        await user.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        Assert.Single(Rig.Functions.Events.Snapshot(), told => told.Type == CallEventType.CallHeld);
        Assert.Single(Rig.Functions.Events.Snapshot(), told => told.Type == CallEventType.CallResumed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_hold_and_resume_in_any_order(bool firstComeFirstGone)
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", Far, IncomingCall.Answer);
        var (id, user, far) = await ConnectAsync(phone, other, "102");

        await user.HoldAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallHeld, LegRole.User);
        await far.HoldAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallHeld, LegRole.Destination);
        Assert.Equal(["leg-1", "leg-2"], (await Rig.Api.GetAsync(id))!.Talk!.HeldBy);

        await (firstComeFirstGone ? user : far).ResumeAsync();
        await (firstComeFirstGone ? user : far).HearsAsync(Music);
        var (userHeard, farHeard) = (user.Heard.Count, far.Heard.Count);
        await (firstComeFirstGone ? far : user).ResumeAsync();
        await user.HearsAsync(Far, userHeard);
        await far.HearsAsync(User, farHeard);
    }

    [Fact]
    public async Task Phone_that_holds_can_only_resume_by_itself()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, user, _) = await ConnectAsync(phone, trunk);
        await user.HoldAsync();
        Assert.Equal((409, WorkerProblemReasons.HeldByDevice), await Rig.Api.RefusedAsync(id, "resume"));
    }

    [Fact]
    public async Task Muted_leg_is_not_heard_and_hears()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, user, far) = await ConnectAsync(phone, trunk);

        Assert.Equal(["leg-1"], (await Rig.Api.OrderAsync(id, "mute")).Talk!.Muted);
        var heard = user.Heard.Count;
        await user.HearsAsync(Far, heard, tenths: 5);
        var silentFrom = far.PacketsReceived;
        await user.HearsAsync(Far, user.Heard.Count, tenths: 5);
        Assert.InRange(far.PacketsReceived - silentFrom, 0, 2);

        Assert.Empty((await Rig.Api.OrderAsync(id, "unmute")).Talk!.Muted);
        await far.HearsAsync(User, far.Heard.Count);
        await Rig.Functions.EventAsync(id, CallEventType.LegUnmuted);
    }

    [Fact]
    public async Task Keys_are_sent_once_however_often_the_command_comes()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, _, far) = await ConnectAsync(phone, trunk);
        var keys = new DigitsCommand("12#", CommandId: "keys-1");
        await Rig.Api.OrderAsync(id, "dtmf", keys);
        await Rig.Api.OrderAsync(id, "dtmf", keys);
        Assert.Equal((409, WorkerProblemReasons.CommandConflict), await Rig.Api.RefusedAsync(id, "dtmf", keys with { Digits = "4" }));
        await Rig.Api.OrderAsync(id, "dtmf", new DigitsCommand("9"));
        await far.Digits.WaitAsync(digit => digit == '9', "9");
        Assert.Equal("12#9", string.Concat(far.Digits.Snapshot()));
    }

    [Fact]
    public async Task Announcement_is_heard_by_whom_it_is_for_and_ends_by_itself_or_when_stopped()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var (id, user, far) = await ConnectAsync(phone, trunk);

        Assert.Equal((409, WorkerProblemReasons.NoSuchPrompt), await Rig.Api.RefusedAsync(id, "announcement/start", new AnnouncementCommand("nothing")));
        var playing = await Rig.Api.OrderAsync(id, "announcement/start", new AnnouncementCommand("milliwatt", "destination", Loop: true));
        Assert.Equal(["leg-2"], playing.Talk!.Announced);
        await far.HearsAsync(1004);
        await user.HearsAsync(Far, user.Heard.Count);

        Assert.Empty((await Rig.Api.OrderAsync(id, "announcement/stop")).Talk!.Announced);
        await far.HearsAsync(User, far.Heard.Count);
        await Rig.Api.OrderAsync(id, "announcement/start", new AnnouncementCommand("milliwatt", "user"));
        await user.HearsAsync(1004, user.Heard.Count);
        await user.HearsAsync(Far, user.Heard.Count);
    }

    [Fact]
    public async Task What_does_not_fit_the_call_is_refused_with_its_reason()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User);
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        var ringing = await phone.RingsAsync();
        Assert.Equal((409, WorkerProblemReasons.CallNotReady), await Rig.Api.RefusedAsync(id, "hold"));
        await ringing.AnswerAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        Assert.Equal((409, WorkerProblemReasons.NoSuchLeg), await Rig.Api.RefusedAsync(id, "mute", new LegCommand("leg-9")));
        Assert.Equal((501, WorkerProblemReasons.NotSupported), await Rig.Api.RefusedAsync(id, "transfer", new TransferCommand("milliwatt")));
        Assert.Equal((400, WorkerProblemReasons.InvalidCommand), await Rig.Api.RefusedAsync(id, "transfer", new TransferCommand()));
        Assert.Equal((400, WorkerProblemReasons.InvalidCommand), await Rig.Api.RefusedAsync(id, "dtmf", new DigitsCommand("x")));
        await Rig.Api.HangUpAsync(id);
        Assert.Equal((409, WorkerProblemReasons.CallEnded), await Rig.Api.RefusedAsync(id, "hold"));
        Assert.Equal((404, WorkerProblemReasons.NotFound), await Rig.Api.RefusedAsync(TestKit.Peers.WorkerClient.NewCallId(), "hold"));
    }

    private async Task<(CallId Id, PhoneCall User, PhoneCall Far)> ConnectAsync(Phone phone, Phone other, string destination = Number)
    {
        var id = await OriginateAsync(WorkerRig.Command(destination));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        return (id, await phone.RingsAsync(), await other.RingsAsync());
    }
}
