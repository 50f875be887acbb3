using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Calls that a trunk brings.</summary>
public sealed class InboundTests : FlowTest
{
    private const string Did = "+4930101";
    private const string Onward = "+4940555";

    [Fact]
    public async Task Number_of_a_user_rings_all_devices_and_the_first_to_answer_wins()
    {
        await using var desk = await Rig.PhoneAsync("101-a", hertz: 400);
        await using var mobile = await Rig.PhoneAsync("101-b", hertz: 500);
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(InboundRules: [new NumberRule("030", "+4930", For: NumberSide.Called), new NumberRule("00", "+")]));

        var dialled = Call(trunk, "030101", "0012025550100", "Ann");
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        var atDesk = await desk.RingsAsync();
        var atMobile = await mobile.RingsAsync();
        Assert.Equal("+12025550100", atDesk.CallerNumber);
        Assert.Equal("Ann", atDesk.CallerName);
        await atDesk.AnswerAsync();
        var answer = await dialled.ResponseAsync();
        while (answer.Status < 200) answer = await dialled.ResponseAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal(CallEnd.Cancelled, await atMobile.EndsAsync());
        Assert.Contains(mobile.Messages.Snapshot(), line => line.Contains("CANCEL", StringComparison.Ordinal));

        var call = await TheCallAsync();
        Assert.Equal(
            (CallDirection.Inbound, "101", Did, "+12025550100"), (call.Call.Direction, call.Call.User, call.Call.Destination, call.Call.CallerId));
        await Rig.Functions.EventAsync(call.CallId, CallEventType.CallConnected);
        await trunk.AskAsync(dialled.Dialog!, SipMethod.Bye);

        Assert.Equal(CallEnd.HungUpByPeer, await atDesk.EndsAsync());
        var ended = await EndsAsync(call.CallId, CallResult.Answered, CallReasons.CallerHungUp);
        var caller = Assert.Single(ended.Legs!, leg => leg.Role == LegRole.Caller);
        Assert.Equal(("carrier", CallReasons.CallerHungUp), (caller.Trunk, caller.Reason));
        Assert.Equal(["101-a", "101-b"], ended.Legs!.Where(leg => leg.Role == LegRole.User).Select(leg => leg.Device).Order());
    }

    [Fact]
    public async Task Name_of_a_user_works_too_and_the_user_may_hang_up()
    {
        await using var phone = await Rig.PhoneAsync("102-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        var dialled = Call(trunk, "102", "+12025550100");
        var ringing = await phone.RingsAsync();
        await ringing.AnswerAsync();
        var call = await TheCallAsync();
        await Rig.Functions.EventAsync(call.CallId, CallEventType.CallConnected);
        await ringing.HangUpAsync();
        Assert.Equal(SipMethod.Bye, (await trunk.InDialogAsync()).Request.Method);
        await EndsAsync(call.CallId, CallResult.Answered, CallReasons.UserHungUp);
        Assert.NotNull(dialled.Dialog);
    }

    [Fact]
    public async Task Caller_who_gives_up_ends_the_ringing()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        var dialled = Call(trunk, Did, "+12025550100");
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        dialled.Invite.Cancel();
        Assert.Equal(487, (await dialled.ResponseAsync()).Status);
        Assert.Equal(CallEnd.Cancelled, await (await phone.RingsAsync()).EndsAsync());
        await EndsAsync((await TheCallAsync()).CallId, CallResult.Cancelled, CallReasons.CallerHungUp);
    }

    [Theory]
    [InlineData(IncomingCall.Busy, 486, CallResult.Busy, CallReasons.UserBusy)]
    [InlineData(IncomingCall.Decline, 603, CallResult.Refused, CallReasons.UserRefused)]
    public async Task Caller_hears_why_the_user_does_not_answer(IncomingCall does, int status, CallResult result, string reason)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: does);
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        Assert.Equal(status, (await Call(trunk, Did, "+12025550100").ResponseAsync()).Status);
        await EndsAsync((await TheCallAsync()).CallId, result, reason, status);
    }

    [Fact]
    public async Task User_without_a_device_is_not_available_and_the_call_is_logged()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        Assert.Equal(480, (await Call(trunk, Did, "+12025550100").ResponseAsync()).Status);
        await EndsAsync((await TheCallAsync()).CallId, CallResult.Failed, CallReasons.UserNotRegistered);
    }

    [Fact]
    public async Task Unknown_number_is_not_found_and_rings_nobody()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        Assert.Equal(404, (await Call(trunk, "+4930999", "+12025550100").ResponseAsync()).Status);
        Assert.Empty(Rig.Server.Calls.List(Calls.Control.CallFilter.All));
    }

    [Fact]
    public async Task Stranger_is_refused_without_a_challenge_and_leaves_no_transaction()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], "sip:192.0.2.1")));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        var refused = await Call(trunk, Did, "+12025550100").ResponseAsync();
        Assert.Equal(404, refused.Status);
        Assert.False(refused.Headers.Contains(HeaderName.ProxyAuthenticate) || refused.Headers.Contains(HeaderName.WwwAuthenticate));
    }

    [Fact]
    public async Task Device_at_the_address_of_a_trunk_is_still_challenged()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        await using var other = new SipUa(Rig.SipAddress);
        var invite = other.Create(SipMethod.Invite, "102");
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(other);
        other.Endpoint.Invite(invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled);
        Assert.Equal(407, (await dialled.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Cap_counts_both_ways()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(MaxCalls: 1));
        var first = Call(trunk, Did, "+12025550100");
        Assert.Equal(180, (await first.ResponseAsync()).Status);
        Assert.Equal(503, (await Call(trunk, Did, "+12025550101").ResponseAsync()).Status);

        await using var other = await Rig.PhoneAsync("102-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number) with { User = "102" });
        await EndsAsync(id, CallResult.Failed, CallReasons.TrunkFull);

        first.Invite.Cancel();
        Assert.Equal(487, (await first.ResponseAsync()).Status);
        await Rig.Functions.EndAsync((await TheCallAsync()).CallId);
        Assert.Equal(180, (await Call(trunk, Did, "+12025550100").ResponseAsync()).Status);
    }

    [Theory]
    [InlineData(true, "+49301234", "+49301234")]
    [InlineData(false, "+12025550100", "+12025550100")]
    public async Task Asserted_identity_counts_from_trusted_trunks_only(bool trusted, string shown, string told)
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(Trusted: trusted));
        Call(trunk, Did, "+12025550100", headers: [(HeaderName.PAssertedIdentity, "\"Bo\" <sip:+49301234@carrier.example>, <tel:+49301234>")]);
        Assert.Equal(shown, (await phone.RingsAsync()).CallerNumber);
        Assert.Equal(told, (await TheCallAsync()).Call.CallerId);
    }

    [Fact]
    public async Task Caller_who_wants_to_be_private_is_shown_to_nobody()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(Trusted: true));
        Call(trunk, Did, "+12025550100", headers: [(HeaderName.PAssertedIdentity, "<sip:+49301234@carrier.example>"), (HeaderName.Privacy, "id;critical")]);
        var ringing = await phone.RingsAsync();
        Assert.Equal(("anonymous", "Anonymous"), (ringing.CallerNumber, ringing.CallerName));
        Assert.Equal("anonymous", (await TheCallAsync()).Call.CallerId);
    }

    [Fact]
    public async Task Codecs_of_the_trunk_bound_what_is_answered_and_offered()
    {
        await using var device = await RegisteredAsync("101-a");
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(Codecs: ["PCMU"]));
        var dialled = Call(trunk, Did, "+12025550100", sdp: SipUa.Sdp("9 8 0"));
        var invite = await device.RequestAsync();
        device.Answer(invite, SipUa.Sdp("0"));
        var answer = await dialled.ResponseAsync();
        while (answer.Status < 200) answer = await dialled.ResponseAsync();
        Assert.Contains("RTP/AVP 0\r\n", Encoding.ASCII.GetString(answer.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_to_a_user_who_is_away_is_sent_on_and_says_so()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, new TrunkSettings(Trusted: true));
        var dialled = Call(
            trunk, "+4930102", "+12025550100",
            headers: [(HeaderName.Diversion, "<sip:+4930777@carrier.example>;reason=user-busy;counter=2")], maxForwards: 20);
        var onward = await trunk.RequestAsync();
        Assert.Equal(Onward, onward.Request.Uri.User);
        Assert.Equal(19, onward.Request.MaxForwards);
        Assert.Equal("+12025550100", onward.Request.From.Uri.User);
        Assert.StartsWith($"<sip:+4930102@{WorkerRig.Domain}>;reason=unavailable", onward.Request.Headers.Get(HeaderName.Diversion), StringComparison.Ordinal);
        Assert.Equal(2, onward.Request.Headers.GetList(HeaderName.Diversion).Count);
        trunk.Answer(onward, SipUa.Sdp("8"));
        Assert.Equal(200, (await dialled.ResponseAsync()).Status);
        var call = await TheCallAsync();
        await trunk.AskAsync(dialled.Dialog!, SipMethod.Bye);
        var ended = await EndsAsync(call.CallId, CallResult.Answered, CallReasons.CallerHungUp);
        Assert.Equal([LegRole.Caller, LegRole.Destination], ended.Legs!.Select(leg => leg.Role));
    }

    [Theory(DisplayName = "D4: History-Info (RFC 7044) is kept and continued beside Diversion")]
    [InlineData(null, new[] { "<sip:+4930102@demo.local?Reason=SIP%3Bcause%3D480>;index=1", "<sip:+4940555@HERE>;index=1.1;mp=1" })]
    [InlineData("<sip:+4930777@carrier.example?Reason=SIP%3Bcause%3D302>;index=1,<sip:+4930102@carrier.example>;index=1.1;mp=1", new[]
    {
        "<sip:+4930777@carrier.example?Reason=SIP%3Bcause%3D302>;index=1", "<sip:+4930102@carrier.example>;index=1.1;mp=1",
        "<sip:+4930102@demo.local?Reason=SIP%3Bcause%3D480>;index=1.1.1", "<sip:+4940555@HERE>;index=1.1.1.1;mp=1.1.1",
    })]
    public async Task History_goes_on(string? before, string[] after)
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        Call(trunk, "+4930102", "+12025550100", headers: before is null ? [] : [(HeaderName.HistoryInfo, before)]);
        var onward = await trunk.RequestAsync();
        Assert.Equal(after.Select(entry => entry.Replace("HERE", trunk.Address.ToString(), StringComparison.Ordinal)), onward.Request.Headers.GetList(HeaderName.HistoryInfo));
        Assert.Single(onward.Request.Headers.GetList(HeaderName.Diversion));
        onward.Respond(486);
    }

    [Fact]
    public async Task Call_whose_history_is_too_long_goes_no_further()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        var history = string.Join(',', Enumerable.Range(1, 6).Select(i => $"<sip:+493010{i}@carrier.example>;index=1.{i};mp=1"));
        Assert.Equal(482, (await Call(trunk, "+4930102", "+12025550100", headers: [(HeaderName.HistoryInfo, history)]).ResponseAsync()).Status);
    }

    [Fact]
    public async Task Call_that_was_sent_on_too_often_goes_no_further()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk);
        var dialled = Call(trunk, "+4930102", "+12025550100", headers: [(HeaderName.Diversion, "<sip:+4930777@carrier.example>;counter=6")]);
        Assert.Equal(482, (await dialled.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Calls_sent_on_count_as_calls_of_their_user()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, policy: new DomainPolicy(["+"], [], MaxConcurrentCallsPerUser: 1));
        var first = Call(trunk, "+4930102", "+12025550100");
        var onward = await trunk.RequestAsync();
        Assert.Equal(480, (await Call(trunk, "+4930102", "+12025550101").ResponseAsync()).Status);
        onward.Respond(486);
        Assert.Equal(486, (await first.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Nobody_is_sent_on_to_a_number_of_our_own()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        await TrunkIsAsync(trunk, forwardTo: "+4930102");
        Assert.Equal(482, (await Call(trunk, "+4930102", "+12025550100").ResponseAsync()).Status);
    }

    private Task TrunkIsAsync(SipUa trunk, TrunkSettings? settings = null, DomainPolicy? policy = null, string forwardTo = Onward)
    {
        var entry = new TrunkEntry("carrier", ["+49"], $"sip:{trunk.Address}", Domains: [WorkerRig.Domain], Settings: settings);
        var snapshot = WorkerRig.Snapshot(entry);
        var domain = snapshot.Domains[0];
        var users = domain.Users.Select(user => user.Name == "101"
            ? user with { Numbers = [Did] }
            : user with { Numbers = ["+4930102"], ForwardTo = forwardTo }).ToList();
        Rig.Functions.Publish(snapshot with { Domains = [domain with { Users = users, Policy = policy ?? domain.Policy }] });
        return Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
    }

    private SipUa.Dialled Call(
        SipUa trunk, string number, string caller, string? name = null, (HeaderName Name, string Value)[]? headers = null, byte[]? sdp = null, int maxForwards = 70)
    {
        var from = new NameAddress(SipUri.Create(caller, "carrier.example"), name);
        var invite = trunk.Endpoint.CreateRequest(
            SipMethod.Invite, SipUri.Parse($"sip:{number}@{Rig.SipAddress}"), from, NameAddress.Parse($"<sip:{number}@{Rig.SipAddress}>"),
            SipUri.Parse($"sip:trunk@{trunk.Address}"));
        invite.MaxForwards = maxForwards;
        foreach (var (header, value) in headers ?? []) invite.Headers.Add(header, value);
        invite.SetBody(sdp ?? SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(trunk);
        dialled.Invite = trunk.Endpoint.Invite(invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled);
        return dialled;
    }

    private Task<CallEvent> TheCallAsync() =>
        Rig.Functions.Events.WaitAsync(told => told is { Type: CallEventType.CallStarted, Call.Direction: CallDirection.Inbound }, "an inbound call");
}
