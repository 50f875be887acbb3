using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>What can only be seen on the wire.</summary>
public sealed class SignallingTests : FlowTest
{
    [Fact]
    public async Task User_is_asked_over_to_the_one_codec_the_destination_took()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await user.RequestAsync();
        user.Answer(invite, SipUa.Sdp("9 8"));
        var farInvite = await far.RequestAsync();
        Assert.Contains("RTP/AVP 9 8 0", Text(farInvite.Request), StringComparison.Ordinal);
        far.Answer(farInvite, SipUa.Sdp("8"));

        var again = await user.InDialogAsync();
        Assert.Equal(SipMethod.Invite, again.Request.Method);
        Assert.Contains("RTP/AVP 8\r\n", Text(again.Request), StringComparison.Ordinal);
        Assert.DoesNotContain(Rig.Functions.Events.Snapshot(), told => told.Type == CallEventType.CallConnected);
        user.Answer(again, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact]
    public async Task User_who_refuses_the_other_codec_ends_the_call_where_nothing_is_transcoded()
    {
        await Rig.KillWorkerAsync();
        Rig.Configure = options =>
        {
            options.Media.Transcoding = false;
            return options;
        };
        await Rig.StartWorkerAsync();
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await AnsweredAsync(user, "9 8", far, "8");
        (await user.InDialogAsync()).Respond(488);
        await EndsAsync(id, CallResult.Failed, CallReasons.NoCommonCodec, 488);
        var bye = await far.InDialogAsync();
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        Assert.Contains("no-common-codec", bye.Request.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trunk_that_challenges_gets_its_password_and_ringback_sounds_until_early_sound_flows()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await FarEndAsync(trunk => trunk with { UserName = "account", Password = "trunk-secret" });
        var id = await OriginateAsync(WorkerRig.Command(Number, callerId: "+4930999"));
        var first = await far.RequestAsync();
        var authenticator = new DigestAuthenticator(new DigestOptions(), TimeProvider.System, new byte[32]);
        var challenge = first.CreateResponse(407);
        authenticator.Challenge(challenge, "trunk.example");
        first.Respond(challenge);

        var second = await far.RequestAsync();
        var secret = DigestSecret.FromPassword("account", "trunk.example", "trunk-secret");
        Assert.True(authenticator.Verify(second.Request, "trunk.example", proxy: true, name => name == "account" ? secret : null).IsAccepted);
        Assert.Equal("+4930999", second.Request.From.Uri.User);
        Assert.Equal(Number, second.Request.Uri.User);

        far.Answer(second, SipUa.Sdp("8"), status: 183);
        second.Respond(180);
        await Rig.Functions.EventAsync(id, CallEventType.LegRinging, LegRole.Destination);
        // This far end announces early sound and sends none: the user hears our ringback meanwhile.
        await (await phone.RingsAsync()).HearsAsync(425);
        second.Respond(486);
        await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
    }

    [Fact]
    public async Task Trunk_that_challenges_the_end_of_the_call_gets_its_password_there_too()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await FarEndAsync(trunk => trunk with { UserName = "account", Password = "trunk-secret" });
        var id = await OriginateAsync(WorkerRig.Command(Number));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await (await phone.RingsAsync()).HangUpAsync();

        var first = await far.InDialogAsync();
        var authenticator = new DigestAuthenticator(new DigestOptions(), TimeProvider.System, new byte[32]);
        var challenge = first.CreateResponse(407);
        authenticator.Challenge(challenge, "trunk.example");
        first.Respond(challenge);
        var second = await far.InDialogAsync();
        Assert.Equal(SipMethod.Bye, second.Request.Method);
        var secret = DigestSecret.FromPassword("account", "trunk.example", "trunk-secret");
        Assert.True(authenticator.Verify(second.Request, "trunk.example", proxy: true, _ => secret).IsAccepted);
        second.Respond(200);
    }

    [Fact]
    public async Task Device_that_lost_the_race_is_told_that_nobody_has_missed_a_call()
    {
        await using var winner = await Rig.PhoneAsync("101-b");
        await using var loser = await RegisteredAsync("101-a");
        var cancelled = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        await OriginateAsync(WorkerRig.Command("echo"));
        var invite = await loser.RequestAsync();
        invite.Cancelled = cancelled.SetResult;
        invite.Respond(180);
        await (await winner.RingsAsync()).AnswerAsync();
        var cancel = await cancelled.Task.WaitAsync(Patience.Limit);
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", cancel.Headers.Get(HeaderName.Reason));
    }

    [Fact]
    public async Task Key_by_info_for_an_end_that_takes_none_beside_the_sound_goes_on_by_info()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Info, "application/dtmf-relay", "Signal=5\r\nDuration=100\r\n")).Status);
        var key = await far.InDialogAsync();
        Assert.Equal(SipMethod.Info, key.Request.Method);
        Assert.Equal("Signal=5\r\nDuration=100\r\n", Text(key.Request));
        key.Respond(200);
    }

    [Theory]
    [InlineData(302, 480)]
    [InlineData(401, 503)]
    [InlineData(483, 503)]
    [InlineData(404, 404)]
    public async Task Device_that_dials_is_not_told_what_only_concerns_us_and_the_trunk(int said, int told)
    {
        await using var ua = new SipUa(Rig.SipAddress);
        await using var far = await FarEndAsync();
        var dialled = ua.Dial(Number, SipUa.Sdp("8"));
        (await far.RequestAsync()).Respond(said);
        Assert.Equal(told, (await dialled.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Hold_by_one_end_reaches_the_other_and_resume_too()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var user = await phone.RingsAsync();

        Assert.Equal("recvonly", await user.ReinviteAsync("sendonly"));
        var held = await far.InDialogAsync();
        Assert.Contains("a=sendonly", Text(held.Request), StringComparison.Ordinal);
        far.Answer(held, SipUa.Sdp("8", "a=recvonly\r\n"));
        Assert.Equal("sendrecv", await user.ReinviteAsync("sendrecv"));
        var resumed = await far.InDialogAsync();
        Assert.Contains("a=sendrecv", Text(resumed.Request), StringComparison.Ordinal);
        far.Answer(resumed, SipUa.Sdp("8"));
        await user.HangUpAsync();
        Assert.Equal(SipMethod.Bye, (await far.InDialogAsync()).Request.Method);
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Device_that_dials_is_bridged_and_told_of()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var trunk = await Rig.UseTrunkAsync();
        var dialled = ua.Dial(Number, SipUa.Sdp("9 8 101", "a=rtpmap:101 telephone-event/8000\r\n"));
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        var far = await trunk.RingsAsync();
        await far.AnswerAsync();
        var answer = await dialled.ResponseAsync();
        Assert.Equal(200, answer.Status);
        Assert.Contains("RTP/AVP 8 101", Encoding.ASCII.GetString(answer.Body.Span), StringComparison.Ordinal);

        var connected = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
        Assert.Equal(("101", Number, CallDirection.Outbound), (connected.Call.User, connected.Call.Destination, connected.Call.Direction));
        Assert.Equal(200, (await ua.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        var ended = await EndsAsync(connected.CallId, CallResult.Answered, CallReasons.UserHungUp);
        Assert.Equal("101-a", ended.Legs![0].Device);
    }

    [Theory]
    [InlineData("101-a", "wrong", "echo", 407)]
    [InlineData("101-a", WorkerRig.Password, "nobody", 404)]
    [InlineData("101-a", WorkerRig.Password, "busy", 486)]
    [InlineData("101-a", WorkerRig.Password, "102", 503)]
    public async Task Device_that_dials_in_vain_learns_why(string account, string password, string destination, int status)
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var dialled = ua.Dial(destination, SipUa.Sdp("8"), account, password);
        Assert.Equal(status, (await dialled.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Registered_device_is_reached_where_it_registered_whatever_its_answer_says()
    {
        await using var user = await RegisteredAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        user.Answer(await user.RequestAsync(), SipUa.Sdp("8"), contactUri: NobodyListens);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        await Rig.Api.HangUpAsync(id);

        Assert.Equal(SipMethod.Bye, (await user.InDialogAsync()).Request.Method);
    }

    [Fact]
    public async Task Registered_device_that_dials_is_reached_where_it_registered()
    {
        await using var user = await RegisteredAsync("101-a");
        var dialled = user.Dial("echo", SipUa.Sdp("8"), contact: NobodyListens);
        while ((await dialled.ResponseAsync()).Status < 200)
        {
        }
        var connected = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");

        await Rig.Api.HangUpAsync(connected.CallId);

        Assert.Equal(SipMethod.Bye, (await user.InDialogAsync()).Request.Method);
    }

    [Fact]
    public async Task Device_that_gives_up_before_the_answer_cancels_the_far_end()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var trunk = await Rig.UseTrunkAsync();
        var dialled = ua.Dial(Number, SipUa.Sdp("8"));
        var far = await trunk.RingsAsync();
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        dialled.Invite.Cancel();
        Assert.Equal(CallEnd.Cancelled, await far.EndsAsync());
        var ended = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallEnded, "ended");
        Assert.Equal(new CallOutcome(CallResult.Cancelled, CallReasons.UserHungUp), ended.Outcome);
    }

    [Fact]
    public async Task Info_that_is_no_key_is_answered_properly()
    {
        await using var user = await RegisteredAsync("101-a");
        await OriginateAsync(WorkerRig.Command("echo"));
        var dialog = user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Info)).Status);
        Assert.Equal(415, (await user.AskAsync(dialog, SipMethod.Info, "text/plain", "1")).Status);
        Assert.Equal(200, (await user.AskAsync(dialog, SipMethod.Options)).Status);
    }

    private const string NobodyListens = "sip:ua@127.0.0.1:9";
}
