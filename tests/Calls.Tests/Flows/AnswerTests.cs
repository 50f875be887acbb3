using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Phones that are told to answer: while they ring, and when they are called.</summary>
public sealed class AnswerTests : TalkTest
{
    [Fact(DisplayName = "D4: a ringing phone that takes the event \"talk\" is told to answer, once")]
    public async Task Phone_that_can_be_told_answers()
    {
        await using var user = await RegisteredAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        var invite = await RingsAsync(id, user, "hold, TALK");

        Assert.Equal(CallState.RingingUser, (await Rig.Api.OrderAsync(id, "answer")).State);
        var notify = await user.InDialogAsync();
        Assert.Equal((SipMethod.Notify, "talk", invite.LocalTag), (notify.Request.Method, notify.Request.Headers.Get(HeaderName.Event), notify.Request.To.Tag));
        notify.Respond(200);
        await Rig.Api.OrderAsync(id, "answer", new LegCommand("leg-1"));

        Accept(user, invite);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        Assert.Equal(CallState.Connected, (await Rig.Api.OrderAsync(id, "answer")).State); // It is answered already.
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(SipMethod.Bye, (await user.InDialogAsync()).Request.Method); // And not a second NOTIFY.
    }

    [Fact]
    public async Task Phone_that_does_not_say_so_cannot_be_told()
    {
        await using var user = await RegisteredAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        await RingsAsync(id, user, "dialog, talker");
        Assert.Equal((409, WorkerProblemReasons.CannotBeAnswered), await Rig.Api.RefusedAsync(id, "answer"));
        Assert.Equal((409, WorkerProblemReasons.NoSuchLeg), await Rig.Api.RefusedAsync(id, "answer", new LegCommand("leg-7")));
        await Rig.Api.HangUpAsync(id);
        Assert.Equal((409, WorkerProblemReasons.CallEnded), await Rig.Api.RefusedAsync(id, "answer"));
    }

    [Fact]
    public async Task Of_several_phones_one_has_to_be_named()
    {
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await first.RegisterAsync("101-a");
        await second.RegisterAsync("101-b");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        await RingsAsync(id, first, "talk", "101-a");
        var invite = await RingsAsync(id, second, "talk", "101-b");
        Assert.Equal((409, WorkerProblemReasons.AmbiguousLeg), await Rig.Api.RefusedAsync(id, "answer"));

        var leg = (await Rig.Api.GetAsync(id))!.Legs!.Single(rung => rung.Device == "101-b");
        await Rig.Api.OrderAsync(id, "answer", new LegCommand(leg.LegId));
        var notify = await second.InDialogAsync();
        Assert.Equal("talk", notify.Request.Headers.Get(HeaderName.Event));
        notify.Respond(200);
        Accept(second, invite);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact]
    public async Task Call_from_a_trunk_is_answered_too()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("carrier", ["+1"], $"sip:{trunk.Address}")));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        var dialled = trunk.Dial("101", SipUa.Sdp("8"), change: invite =>
            invite.Headers.Set(HeaderName.From, $"<sip:+12025550100@192.0.2.1>;tag={invite.From.Tag}"));
        var invite = await user.RequestAsync();
        user.Ring(invite, "talk");
        var call = (await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.LegRinging, "ringing")).CallId;
        await Rig.Api.OrderAsync(call, "answer");
        Assert.Equal("talk", (await user.InDialogAsync()).Request.Headers.Get(HeaderName.Event));
        Accept(user, invite);
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Phones_of_the_user_are_asked_to_answer_by_themselves_where_wished_and_the_far_end_never(bool wished)
    {
        await using var user = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await Rig.PhoneAsync("102-a");
        await OriginateAsync(WorkerRig.Command("102") with { AutoAnswer = wished });
        var atUser = await user.RingsAsync();
        Assert.Equal(wished ? "Auto, <sip:demo.local>;answer-after=0, <http://demo.local>;info=alert-autoanswer;delay=0" : ", , ", Asked(atUser));
        Assert.Equal(", , ", Asked(await far.RingsAsync()));
    }

    private static string Asked(PhoneCall call) => string.Join(", ", call.Header("Answer-Mode"), call.Header("Call-Info"), call.Header("Alert-Info"));

    private async Task<ServerTransaction> RingsAsync(CallId id, SipUa user, string allowEvents, string device = "101-a")
    {
        var invite = await user.RequestAsync();
        user.Ring(invite, allowEvents);
        await Rig.Functions.Events.WaitAsync(told => told.CallId == id && told.Type == CallEventType.LegRinging && told.Leg!.Device == device, "ringing");
        return invite;
    }

    private static void Accept(SipUa user, ServerTransaction invite)
    {
        var ok = invite.CreateResponse(200);
        ok.Headers.Add(HeaderName.Contact, $"<sip:ua@{user.Address}>");
        ok.SetBody(SipUa.Sdp("8"), "application/sdp");
        invite.Respond(ok);
    }
}
