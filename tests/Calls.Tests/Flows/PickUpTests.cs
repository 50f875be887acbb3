using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>INVITE with Replaces for a dialog in which somebody still rings (RFC 3891 section 3): a colleague takes the call.</summary>
public sealed class PickUpTests : FlowTest
{
    private const double User = 400;

    [Fact(DisplayName = "D4: a colleague's phone takes the call that rings at the destination, and the phone that rang is cancelled")]
    public async Task Destination_that_rings_is_replaced()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var rung = await RegisteredAsync("102-a");
        await using var comer = new SipUa(Rig.SipAddress);
        using var ear = new Ear();
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var (dialog, cancelled) = await RingAsync(rung, id, LegRole.Destination);

        var taken = Take(comer, dialog, ear.Sdp(), ";early-only");
        Assert.Equal(200, (await taken.FinalAsync()).Status);
        Assert.Contains("SIP;cause=200", (await cancelled.WaitAsync(Patience.Limit)).Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await ear.HearsAsync(User);
        var answered = await Rig.Functions.EventAsync(id, CallEventType.LegAnswered, LegRole.Destination);
        Assert.Equal(("101-b", "leg-2"), (answered.Leg!.Device, answered.Leg.Replaces));

        Assert.Equal(200, (await comer.AskAsync(taken.Dialog!, SipMethod.Bye)).Status);
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Theory(DisplayName = "D4: a colleague's phone takes the call without an offer, unless it was answered before its ACK or is over")]
    [InlineData("takes")]
    [InlineData("late")]
    [InlineData("ended")]
    public async Task Late_offer_takes_what_rings(string how)
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var rung = new SipUa(Rig.SipAddress);
        await rung.RegisterAsync("102-a");
        await using var comer = new SipUa(Rig.SipAddress);
        using var ear = new Ear();
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var invite = await rung.RequestAsync();
        var dialog = rung.Ring(invite, allowEvents: null);
        await Rig.Functions.EventAsync(id, CallEventType.LegRinging, LegRole.Destination);
        var taken = Take(comer, dialog, [], ";early-only");
        Assert.Equal(200, (await taken.FinalAsync()).Status);

        if (how == "late")
        {
            rung.Answer(invite, SipUa.Sdp("8"));
            await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        }
        if (how == "ended") await Rig.Api.HangUpAsync(id);
        taken.Invite.Acknowledge(taken.Dialog!, ear.Sdp(), "application/sdp");
        if (how == "takes") await ear.HearsAsync(User);
        else
        {
            var bye = await comer.InDialogAsync();
            Assert.Equal(SipMethod.Bye, bye.Request.Method);
            bye.Respond(200);
        }
        if (how != "ended") await Rig.Api.HangUpAsync(id);
        var ended = await Rig.Functions.EndAsync(id);
        Assert.Equal(how == "takes" ? "101-b" : "102-a", ended.Legs![^1].Device);
    }

    [Fact(DisplayName = "D4: the user's own call is taken by another of the user's phones before the first has answered")]
    public async Task User_that_rings_is_replaced()
    {
        await using var rung = await RegisteredAsync("101-a");
        await using var comer = new SipUa(Rig.SipAddress);
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        var (dialog, cancelled) = await RingAsync(rung, id, LegRole.User);
        Assert.Equal(200, (await Take(comer, dialog, SipUa.Sdp("8")).FinalAsync()).Status);
        await cancelled.WaitAsync(Patience.Limit);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        Assert.Equal(["101-a", "101-b"], ended.Legs!.Where(leg => leg.Role == LegRole.User).Select(leg => leg.Device));
    }

    [Fact(DisplayName = "D4: a colleague's phone takes the call that a transfer rings elsewhere")]
    public async Task Target_of_a_transfer_that_rings_is_replaced()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var rung = await RegisteredAsync("102-a");
        await using var comer = new SipUa(Rig.SipAddress);
        using var ear = new Ear();
        var trunk = await Rig.UseTrunkAsync(hertz: 800, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102"));
        var (dialog, cancelled) = await RingAsync(rung, id, LegRole.User, device: "102-a");

        Assert.Equal(200, (await Take(comer, dialog, ear.Sdp()).FinalAsync()).Status);
        await cancelled.WaitAsync(Patience.Limit);
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal(("101-b", "leg-1"), (transferred.Leg!.Device, transferred.Leg.Replaces));
        await ear.HearsAsync(800);
        await (await trunk.RingsAsync()).HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Who_takes_a_call_without_a_codec_for_it_is_refused_and_it_goes_on_ringing()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var rung = await RegisteredAsync("102-a");
        await using var comer = new SipUa(Rig.SipAddress);
        using var ear = new Ear();
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var invite = await rung.RequestAsync();
        var dialog = rung.Ring(invite, allowEvents: null);
        await Rig.Functions.EventAsync(id, CallEventType.LegRinging, LegRole.Destination);
        Assert.Equal(488, (await Take(comer, dialog, SipUa.Sdp("3")).FinalAsync()).Status);
        rung.Answer(invite, ear.Sdp());
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await ear.HearsAsync(User);
    }

    [Fact(DisplayName = "RFC 3891 section 3: who dials is replaced by nobody while it waits (481), and who has answered not by who wants early dialogs only (486)")]
    public async Task Early_dialogs_of_others_and_answered_ones_stay()
    {
        await using var caller = await RegisteredAsync("101-a");
        await using var rung = await RegisteredAsync("102-a");
        await using var comer = new SipUa(Rig.SipAddress);
        var dialled = caller.Dial("102", SipUa.Sdp("8"));
        var invite = await rung.RequestAsync();
        rung.Ring(invite, allowEvents: null);
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        Assert.Equal(481, (await Take(comer, dialled.Early!, SipUa.Sdp("8")).FinalAsync()).Status);

        var answered = rung.Answer(invite, SipUa.Sdp("8"));
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        Assert.Equal(486, (await Take(comer, answered, SipUa.Sdp("8"), ";early-only").FinalAsync()).Status);
        Assert.Equal(200, (await caller.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
    }

    private async Task<(Dialog Dialog, Task<SipRequest> Cancelled)> RingAsync(SipUa rung, CallId id, LegRole role, string? device = null)
    {
        var cancelled = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        var invite = await rung.RequestAsync();
        invite.Cancelled = cancelled.SetResult;
        var dialog = rung.Ring(invite, allowEvents: null);
        // Whoever names the dialog earlier than that names one that is not there yet.
        await Rig.Functions.Events.WaitAsync(
            told => told.CallId == id && told.Type == CallEventType.LegRinging && told.Leg!.Role == role && (device is null || told.Leg.Device == device), "ringing");
        return (dialog, cancelled.Task);
    }

    private static SipUa.Dialled Take(SipUa comer, Dialog theirs, byte[] offer, string more = "") => comer.Dial(
        "102", offer, "101-b",
        change: invite => invite.Headers.Add(HeaderName.Replaces, $"{theirs.Id.CallId};to-tag={theirs.Id.RemoteTag};from-tag={theirs.Id.LocalTag}{more}"));
}
