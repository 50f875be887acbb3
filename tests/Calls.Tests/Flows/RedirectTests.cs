using System.Text;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Phones and trunks that answer with a 3xx (RFC 3261 section 8.1.3.4).</summary>
public sealed class RedirectTests : FlowTest
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Own = "+4930102";
    private const string Mobile = "+4989111222";

    protected override CallServerOptions Configure(CallServerOptions options) => options with { HookSecret = new LiveSecret(Secret), Hooks = new HookOptions { Secret = Secret, TimeoutSeconds = 30 } };

    [Theory(DisplayName = "D4: a phone that sends the call on to a number has it dialled as if its user did, and the caller talks to it")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(305)]
    [InlineData(380)]
    public async Task Call_from_outside_goes_on_to_the_number_that_the_phone_names(int status)
    {
        await using var trunk = await TrunkAsync();
        await using var phone = await PhoneAsync("102-a");
        var dialled = trunk.Bring(Own);
        Redirect(await phone.RequestAsync(), $"<sip:+4930999@elsewhere.example>;q=0.3, <sip:{Mobile}@elsewhere.example>;q=0.7", status);

        var onward = await trunk.RequestAsync();
        Assert.Equal(Mobile, onward.Request.Uri.User);
        Assert.Equal($"<sip:{Own}@{WorkerRig.Domain}>;reason=unconditional;counter=1", onward.Request.Headers.Get(HeaderName.Diversion));
        Assert.Equal(
            [$"<sip:{Own}@{WorkerRig.Domain}?Reason=SIP%3Bcause%3D302>;index=1", $"<sip:{Mobile}@{trunk.Address}>;index=1.1;mp=1"],
            onward.Request.Headers.GetList(HeaderName.HistoryInfo));
        var (method, asked) = Assert.Single(Rig.Functions.Hooks.Snapshot());
        Assert.Equal(("dial", "102", Mobile), (method, asked["user"]!.GetValue<string>(), asked["callee"]!.GetValue<string>()));
        trunk.Answer(onward, SipUa.Sdp("8"));
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        var call = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
        await trunk.AskAsync(dialled.Dialog!, SipMethod.Bye);
        var ended = await EndsAsync(call.CallId, CallResult.Answered, CallReasons.CallerHungUp);
        Assert.Equal([(status, CallReasons.Transferred), (200, CallReasons.CallerHungUp)], ended.Legs!.Skip(1).Select(leg => (leg.SipStatus!.Value, leg.Reason!)));
    }

    [Theory(DisplayName = "B1: no phone sends a call on to what its user might not dial")]
    [InlineData(Mobile, true)]
    [InlineData("+441", false)]
    [InlineData("nobody", false)]
    [InlineData("echo", false)]
    [InlineData("102", false, 482)]
    [InlineData("%22%3Csip:x", false)]
    public async Task Call_goes_nowhere_that_the_user_might_not_dial(string target, bool isAsked, int status = 480)
    {
        await using var trunk = await TrunkAsync();
        await using var phone = await PhoneAsync("102-a");
        Rig.Functions.OnHook = (_, _) => (403, "outside-hours");
        var dialled = trunk.Bring(Own);
        Redirect(await phone.RequestAsync(), $"<sip:{target}@{WorkerRig.Domain}>");
        Assert.Equal(status, (await dialled.FinalAsync()).Status);
        Assert.Equal(isAsked ? 1 : 0, Rig.Functions.Hooks.Count);
    }

    [Fact(DisplayName = "B1: a call that a phone sends on outside counts as one of its user's")]
    public async Task Call_that_is_sent_on_takes_a_place_of_the_user()
    {
        await using var trunk = await TrunkAsync(new DomainPolicy(["+49"], [], MaxConcurrentCallsPerUser: 1));
        await using var phone = await PhoneAsync("102-a");
        var first = trunk.Bring(Own);
        Redirect(await phone.RequestAsync(), $"<sip:{Mobile}@x.example>");
        var onward = await trunk.RequestAsync();
        var second = trunk.Bring(Own);
        Redirect(await phone.RequestAsync(), "<sip:+4989111333@x.example>");
        Assert.Equal(480, (await second.FinalAsync()).Status);
        onward.Respond(486);
        Assert.Equal(486, (await first.FinalAsync()).Status);
    }

    [Fact(DisplayName = "F6: the other phones go on ringing beside whom one of them has named, and are cancelled when that answers")]
    public async Task Other_phones_go_on_ringing()
    {
        await PublishAsync("102", "103");
        await using var sends = await PhoneAsync("102-a");
        await using var rings = await PhoneAsync("102-b");
        await using var target = await PhoneAsync("103-a");
        await using var caller = new SipUa(Rig.SipAddress);
        var dialled = caller.Dial("102", SipUa.Sdp("8"));
        var (sent, rung) = (await sends.RequestAsync(), await rings.RequestAsync());
        rings.Ring(rung, allowEvents: null);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rung.Cancelled = _ => cancelled.TrySetResult();
        Redirect(sent, "<sip:103@demo.local>");

        var invite = await target.RequestAsync();
        Assert.Equal($"<sip:102@{WorkerRig.Domain}>;reason=unconditional;counter=1", invite.Request.Headers.Get(HeaderName.Diversion));
        Assert.Equal("101", invite.Request.From.Uri.User);
        Assert.False(cancelled.Task.IsCompleted);
        target.Answer(invite, SipUa.Sdp("8"));
        await cancelled.Task.WaitAsync(Patience.Limit);
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        Assert.Empty(Rig.Functions.Hooks.Snapshot());
        var given = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.LegEnded && told.Leg!.SipStatus == 302, "sent on");
        var answered = await Rig.Functions.EventAsync(given.CallId, CallEventType.LegAnswered, LegRole.Destination);
        Assert.Equal(("103-a", given.Leg!.LegId), (answered.Leg!.Device, answered.Leg.Replaces));
    }

    [Theory(DisplayName = "F6: a phone that rings may still answer its offer when another has sent the call on by a trunk that takes less of it")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_rings_keeps_its_offer(bool rings)
    {
        await using var trunk = await TrunkAsync(codecs: ["PCMA"]);
        await using var sends = await PhoneAsync("101-a");
        await using var stays = await PhoneAsync("101-b");
        await using var caller = new SipUa(Rig.SipAddress);
        var dialled = caller.Dial("101", SipUa.Sdp("0 8"), account: "102-a");
        var rung = await stays.RequestAsync();
        Redirect(await sends.RequestAsync(), $"<sip:{Mobile}@x.example>");
        var onward = await trunk.RequestAsync();
        var (full, less) = (Encoding.ASCII.GetString(rung.Request.Body.Span), Encoding.ASCII.GetString(onward.Request.Body.Span));
        Assert.Contains("RTP/AVP 0 8", full, StringComparison.Ordinal);
        Assert.Contains("RTP/AVP 8\r\n", less, StringComparison.Ordinal);
        if (rings) stays.Answer(rung, SipUa.Sdp("0"));
        else trunk.Answer(onward, SipUa.Sdp("8"));
        var ok = await dialled.FinalAsync();
        Assert.Equal(200, ok.Status);
        Assert.Contains(rings ? "RTP/AVP 0" : "RTP/AVP 8", Encoding.ASCII.GetString(ok.Body.Span), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "B1: two phones of a user that send the call on to the same number have it asked about, and called, once")]
    public async Task Number_of_two_phones_is_called_once()
    {
        await using var trunk = await TrunkAsync();
        await using var a = await PhoneAsync("101-a");
        await using var b = await PhoneAsync("101-b");
        await using var caller = new SipUa(Rig.SipAddress);
        using var bothSaid = new ManualResetEventSlim();
        Rig.Functions.OnHook = (_, _) => bothSaid.Wait(Patience.Limit) ? null : (403, "too-late");
        var dialled = caller.Dial("101", SipUa.Sdp("8"), account: "102-a");
        Redirect(await a.RequestAsync(), $"<sip:{Mobile}@x.example>");
        Redirect(await b.RequestAsync(), $"<sip:{Mobile}@x.example>");
        await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.LegEnded && told.Leg!.SipStatus == 302, "the second phone let go");
        bothSaid.Set();
        trunk.Answer(await trunk.RequestAsync(), SipUa.Sdp("8"));
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        Assert.Single(Rig.Functions.Hooks.Snapshot());
    }

    [Theory(DisplayName = "F6: a call that phones send round in a circle ends, and one that two phones of a user send to the same ends as that does")]
    [InlineData("102", 482)]
    [InlineData(null, 486)]
    public async Task Circles_end(string? back, int status)
    {
        await PublishAsync("102", "103");
        await using var phone = await PhoneAsync("102-a");
        await using var other = await PhoneAsync("102-b");
        await using var target = await PhoneAsync("103-a");
        await using var caller = new SipUa(Rig.SipAddress);
        var dialled = caller.Dial("102", SipUa.Sdp("8"));
        Redirect(await phone.RequestAsync(), "<sip:103@demo.local>");
        Redirect(await other.RequestAsync(), "<sip:103@demo.local>");
        var invite = await target.RequestAsync();
        if (back is not null) Redirect(invite, $"<sip:{back}@demo.local>");
        else invite.Respond(486);
        Assert.Equal(status, (await dialled.FinalAsync()).Status);
    }

    [Fact(DisplayName = "F6: 6xx of one phone ends what another has sent on")]
    public async Task Six_hundred_ends_all()
    {
        await PublishAsync("102", "103");
        await using var sends = await PhoneAsync("102-a");
        await using var refuses = await PhoneAsync("102-b");
        await using var target = await PhoneAsync("103-a");
        await using var caller = new SipUa(Rig.SipAddress);
        var dialled = caller.Dial("102", SipUa.Sdp("8"));
        Redirect(await sends.RequestAsync(), "<sip:103@demo.local>");
        var invite = await target.RequestAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        invite.Cancelled = _ => cancelled.TrySetResult();
        target.Ring(invite, allowEvents: null);
        (await refuses.RequestAsync()).Respond(603);
        Assert.Equal(603, (await dialled.FinalAsync()).Status);
        await cancelled.Task.WaitAsync(Patience.Limit);
    }

    [Fact(DisplayName = "B1: who clicks is rung at the phones there are, and at no number that one of them names")]
    public async Task First_side_is_not_looked_for_elsewhere()
    {
        await using var trunk = await TrunkAsync();
        await using var phone = await PhoneAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command(Number));
        Redirect(await phone.RequestAsync(), $"<sip:{Mobile}@x.example>");
        await EndsAsync(id, CallResult.Failed, CallReasons.UserNotRegistered, 302);
        Assert.Empty(Rig.Functions.Hooks.Snapshot());
    }

    [Fact(DisplayName = "D4: the target of a transfer sends the call on as well")]
    public async Task Target_of_a_transfer_sends_it_on()
    {
        await using var trunk = await TrunkAsync();
        await using var user = await PhoneAsync("101-a");
        await using var target = await PhoneAsync("102-a");
        var id = await OriginateAsync(WorkerRig.Command(Number));
        user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        trunk.Answer(await trunk.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102"));
        Redirect(await target.RequestAsync(), $"<sip:{Mobile}@x.example>");
        var onward = await trunk.RequestAsync();
        Assert.Equal(Mobile, onward.Request.Uri.User);
        Assert.Equal($"<sip:102@{WorkerRig.Domain}>;reason=unconditional;counter=1", onward.Request.Headers.Get(HeaderName.Diversion));
        trunk.Answer(onward, SipUa.Sdp("8"));
        var transferred = await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        Assert.Equal("world", transferred.Leg!.Trunk);
    }

    [Theory(DisplayName = "D4: a trunk's 3xx leads to another server of that trunk, and else the next trunk is tried")]
    [InlineData(true, true, "b")]
    [InlineData(true, false, "next")]
    [InlineData(false, true, "next")]
    public async Task Trunk_redirects_among_its_own_servers(bool toOwn, bool sameNumber, string expected)
    {
        await using var a = new SipUa(Rig.SipAddress);
        await using var b = new SipUa(Rig.SipAddress);
        await using var next = new SipUa(Rig.SipAddress);
        await using var foreign = new SipUa(Rig.SipAddress);
        var settings = new TrunkSettings(Servers: [new TrunkServer($"sip:{a.Address}", Priority: 1), new TrunkServer($"sip:{b.Address}", Priority: 2)], Priority: 1, AnswerSeconds: 32);
        Rig.Functions.Publish(WorkerRig.Snapshot(
            new TrunkEntry("world", ["+49"], $"sip:{a.Address}", Settings: settings),
            new TrunkEntry("next", ["+49"], $"sip:{next.Address}", Settings: new TrunkSettings(Priority: 2))));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("next") is not null);
        await using var user = await PhoneAsync("101-a");
        await OriginateAsync(WorkerRig.Command(Number));
        user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        Redirect(await a.RequestAsync(), $"<sip:{(sameNumber ? Number : "+4930777")}@{(toOwn ? b : foreign).Address}>");
        var tried = await (expected == "b" ? b : next).RequestAsync();
        Assert.Equal(Number, tried.Request.Uri.User);
        tried.Respond(486);
    }

    private static void Redirect(ServerTransaction invite, string contact, int status = 302)
    {
        var response = invite.CreateResponse(status);
        response.Headers.Add(HeaderName.Contact, contact);
        invite.Respond(response);
    }

    private async Task<SipUa> PhoneAsync(string account)
    {
        var phone = new SipUa(Rig.SipAddress);
        Assert.Equal(200, (await phone.RegisterAsync(account)).Status);
        return phone;
    }

    // Users beside the one who dials, each with two phones.
    private async Task PublishAsync(params string[] users)
    {
        var plain = WorkerRig.Snapshot();
        var domain = plain.Domains[0];
        var others = users.Select(user => DirectoryOf.User(
            user, null, [.. new[] { $"{user}-a", $"{user}-b" }.Select(name => DirectoryOf.Device(name, WorkerRig.Domain, WorkerRig.Password))]));
        Rig.Functions.Publish(plain with { Domains = [domain with { Users = [domain.Users[0], .. others] }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindUser(WorkerRig.Domain, users[^1]) is not null);
    }

    /// <summary>The far end of a trunk that serves all numbers.</summary>
    private async Task<SipUa> TrunkAsync(DomainPolicy? policy = null, IReadOnlyList<string>? codecs = null)
    {
        var far = new SipUa(Rig.SipAddress);
        var plain = WorkerRig.Snapshot(new TrunkEntry("world", ["+"], $"sip:{far.Address}", Domains: [WorkerRig.Domain], Settings: new TrunkSettings(Codecs: codecs, AnswerSeconds: 32)));
        var domain = plain.Domains[0];
        var users = domain.Users.Select(user => user.Name == "102" ? user with { Numbers = [Own] } : user).ToList();
        Rig.Functions.Publish(plain with { Domains = [domain with { Policy = policy ?? new DomainPolicy(["+49"], []), Users = users }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.PolicyOf(WorkerRig.Domain) is not null);
        return far;
    }
}
