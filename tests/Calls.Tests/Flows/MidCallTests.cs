using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>What peers send within a call, on the wire.</summary>
public sealed class MidCallTests : TalkTest
{
    private const string Sdp = "application/sdp";

    [Fact(DisplayName = "A peer that refreshes without pause is slowed down, and the call goes on")]
    public async Task Peer_that_refreshes_many_times_a_second_is_told_to_wait()
    {
        await using var talk = await TalkAsync();
        var answers = new List<SipResponse>();
        for (var i = 0; i < 40; i++) answers.Add(await talk.Far.AskAsync(talk.FarDialog, SipMethod.Update));
        Assert.All(answers.Take(20), answer => Assert.Equal(200, answer.Status));
        var refused = answers.Where(answer => answer.Status != 200).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal((500, "5"), (answer.Status, answer.Headers.Get(HeaderName.RetryAfter))));
        Assert.Equal(CallState.Connected, (await Rig.Api.GetAsync(talk.Id))!.State);
        Assert.Equal(200, (await talk.Far.AskAsync(talk.FarDialog, SipMethod.Bye)).Status);
    }

    [Fact(DisplayName = "D4: hold by UPDATE (RFC 3311) reaches the far end, and an UPDATE without an offer changes nothing")]
    public async Task Hold_by_update()
    {
        await using var call = await TalkAsync();
        var held = call.User.AskAsync(call.UserDialog, SipMethod.Update, Sdp, Body("8", "a=sendonly\r\n"));
        var answer = await held;
        Assert.Equal(200, answer.Status);
        Assert.Contains("a=recvonly", Text(answer), StringComparison.Ordinal);
        Assert.Contains("UPDATE", answer.Headers.Get(HeaderName.Allow), StringComparison.Ordinal);
        Assert.NotNull(answer.Contact);
        var passedOn = await call.Far.InDialogAsync();
        Assert.Contains("a=sendonly", Text(passedOn.Request), StringComparison.Ordinal);
        call.Far.Answer(passedOn, SipUa.Sdp("8", "a=recvonly\r\n"));

        var bare = await call.User.AskAsync(call.UserDialog, SipMethod.Update);
        Assert.Equal((200, true), (bare.Status, bare.Body.IsEmpty));
    }

    [Fact(DisplayName = "D4: a resume changes the direction at the side that was held only, even while its phone has yet to answer")]
    public async Task Resume_leaves_who_resumed_alone()
    {
        await using var call = await TalkAsync();
        Assert.Contains("a=recvonly", Text(await DirectAsync("sendonly")), StringComparison.Ordinal);
        var held = await call.User.InDialogAsync();
        Assert.Contains("a=sendonly", Text(held.Request), StringComparison.Ordinal);
        call.User.Answer(held, SipUa.Sdp("8", "a=recvonly\r\n"));
        Assert.Contains("a=sendrecv", Text(await DirectAsync("sendrecv")), StringComparison.Ordinal);
        var resumed = await call.User.InDialogAsync();
        Assert.Contains("a=sendrecv", Text(resumed.Request), StringComparison.Ordinal);

        // Before the phone has answered, a refresh of the far end hears what is so and not what was.
        Assert.Contains("a=sendrecv", Text(await DirectAsync("sendrecv")), StringComparison.Ordinal);
        call.User.Answer(resumed, SipUa.Sdp("8"));
        await NothingWasOfferedAsync(call);

        Task<SipResponse> DirectAsync(string direction) => call.Far.AskAsync(call.FarDialog, SipMethod.Update, Sdp, Body("8", $"a={direction}\r\n"));
    }

    [Fact(DisplayName = "D4: a phone that answers a hold after it is over is offered what counts now, once, and the far end is left alone")]
    public async Task Answer_to_hold_comes_after_the_resume()
    {
        await using var call = await TalkAsync();
        foreach (var direction in new[] { "sendonly", "sendrecv", "inactive", "sendrecv" })
            Assert.Equal(200, (await call.Far.AskAsync(call.FarDialog, SipMethod.Update, Sdp, Body("8", $"a={direction}\r\n"))).Status);
        var held = await call.User.InDialogAsync();
        Assert.Contains("a=sendonly", Text(held.Request), StringComparison.Ordinal);
        call.User.Answer(held, SipUa.Sdp("8", "a=recvonly\r\n"));
        var resumed = await call.User.InDialogAsync();
        Assert.Contains("a=sendrecv", Text(resumed.Request), StringComparison.Ordinal);
        Assert.Contains("a=sendrecv", Text(await call.Far.AskAsync(call.FarDialog, SipMethod.Update, Sdp, Body("8", "a=sendrecv\r\n"))), StringComparison.Ordinal);
        call.User.Answer(resumed, SipUa.Sdp("8"));
        await NothingWasOfferedAsync(call);
    }

    [Fact(DisplayName = "RFC 3261 section 14.1: after 491 our offer is made again")]
    public async Task Offer_is_made_again_after_glare()
    {
        await using var call = await TalkAsync();
        await call.User.AskAsync(call.UserDialog, SipMethod.Update, Sdp, Body("8", "a=sendonly\r\n"));
        (await call.Far.InDialogAsync()).Respond(491);
        var again = await call.Far.InDialogAsync();
        Assert.Contains("a=sendonly", Text(again.Request), StringComparison.Ordinal);
        call.Far.Answer(again, SipUa.Sdp("8", "a=recvonly\r\n"));
    }

    [Fact(DisplayName = "RFC 3261 section 14: a re-INVITE without an offer is answered with one, whose answer comes with the ACK")]
    public async Task Reinvite_without_offer()
    {
        await using var call = await TalkAsync();
        var again = new SipUa.Dialled(call.User);
        var invite = call.User.Endpoint.Reinvite(call.UserDialog, default, null, again, manualAck: true);
        var ok = await again.FinalAsync();
        Assert.Equal(200, ok.Status);
        Assert.Contains("RTP/AVP 8", Text(ok), StringComparison.Ordinal);
        invite.Acknowledge(call.UserDialog, SipUa.Sdp("8", "a=sendonly\r\n"), Sdp);
        var passedOn = await call.Far.InDialogAsync();
        Assert.Contains("a=sendonly", Text(passedOn.Request), StringComparison.Ordinal);
        call.Far.Answer(passedOn, SipUa.Sdp("8", "a=recvonly\r\n"));
    }

    [Theory(DisplayName = "RFC 3261 section 12.2.1.2: 481 and 408 within the dialog end the call, other refusals do not")]
    [InlineData(481, true)]
    [InlineData(408, true)]
    [InlineData(500, false)]
    public async Task Refusals_within_the_dialog(int status, bool ends)
    {
        await using var call = await TalkAsync();
        await call.User.AskAsync(call.UserDialog, SipMethod.Info, "application/dtmf-relay", "Signal=5\r\n");
        (await call.Far.InDialogAsync()).Respond(status);
        if (ends)
        {
            Assert.Equal(SipMethod.Bye, (await call.User.InDialogAsync()).Request.Method);
            Assert.Equal(CallResult.Answered, (await Rig.Functions.EndAsync(call.Id)).Outcome!.Result);
            return;
        }
        await call.User.AskAsync(call.UserDialog, SipMethod.Info, "application/dtmf-relay", "Signal=6\r\n");
        Assert.StartsWith("Signal=6", Text((await call.Far.InDialogAsync()).Request), StringComparison.Ordinal);
    }

    // Keys go the same way as offers, so an offer that should not be comes first.
    private static async Task NothingWasOfferedAsync(Talk call)
    {
        Assert.Equal(200, (await call.User.AskAsync(call.UserDialog, SipMethod.Info, "application/dtmf-relay", "Signal=5\r\n")).Status);
        Assert.Equal(SipMethod.Info, (await call.Far.InDialogAsync()).Request.Method);
        Assert.Equal(200, (await call.Far.AskAsync(call.FarDialog, SipMethod.Info, "application/dtmf-relay", "Signal=6\r\n")).Status);
        Assert.Equal(SipMethod.Info, (await call.User.InDialogAsync()).Request.Method);
    }

    private static string Body(string formats, string lines) => Encoding.ASCII.GetString(SipUa.Sdp(formats, lines));
}
