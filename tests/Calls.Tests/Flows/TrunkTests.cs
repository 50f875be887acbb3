using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Calls out by trunks, and what is done for trunks while nobody calls.</summary>
public sealed class TrunkTests : FlowTest
{
    protected override CallServerOptions Configure(CallServerOptions options) => options with
    {
        Trunks = new TrunkOptions
        {
            Tick = TimeSpan.FromMilliseconds(20),
            FirstRetry = TimeSpan.FromMilliseconds(50),
            LongestRetry = TimeSpan.FromMilliseconds(100),
            RegisterLimit = TimeSpan.FromSeconds(2),
        },
    };

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task Next_server_takes_the_call_when_the_first_fails(int status)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(first, second)));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        (await first.RequestAsync()).Respond(status);
        second.Answer(await second.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        Assert.Equal([status, 200], ended.Legs!.Where(leg => leg.Role == LegRole.Destination).Select(leg => leg.SipStatus));
    }

    [Fact]
    public async Task Server_that_says_nothing_is_given_up_for_the_next()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(second) with
        {
            AnswerSeconds = 1,
            Servers = [new TrunkServer($"sip:{silent.Client.LocalEndPoint}"), new TrunkServer($"sip:{second.Address}", 1)],
        }));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        second.Answer(await second.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        Assert.Equal([null, 200], ended.Legs!.Where(leg => leg.Role == LegRole.Destination).Select(leg => leg.SipStatus));
    }

    [Fact]
    public async Task Next_trunk_takes_the_call_with_its_own_rules_when_the_first_has_no_server_left()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(
            Entry("short", Servers(second) with { OutboundRules = [new NumberRule("+", "00")], Codecs = ["PCMU"] }, "+"),
            Entry("long", Servers(first)));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        (await first.RequestAsync()).Respond(503);
        var invite = await second.RequestAsync();
        Assert.Equal("004930123456", invite.Request.Uri.User);
        Assert.Equal("004930101", invite.Request.From.Uri.User);
        Assert.Contains("RTP/AVP 0 ", Encoding.ASCII.GetString(invite.Request.Body.Span), StringComparison.Ordinal);
        invite.Respond(486);
        var ended = await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
        Assert.Equal(["long", "short"], ended.Legs!.Where(leg => leg.Trunk is not null).Select(leg => leg.Trunk));
    }

    [Theory]
    [InlineData(486, CallResult.Busy, CallReasons.DestinationBusy)]
    [InlineData(603, CallResult.Refused, CallReasons.DestinationRefused)]
    [InlineData(404, CallResult.Failed, CallReasons.DestinationNotFound)]
    public async Task What_the_far_end_said_of_itself_is_final(int status, CallResult result, string reason)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(first, second)));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        (await first.RequestAsync()).Respond(status);
        var ended = await EndsAsync(id, result, reason, status);
        Assert.Single(ended.Legs!, leg => leg.Role == LegRole.Destination);
    }

    [Theory]
    [InlineData(180)]
    [InlineData(183)]
    public async Task Nobody_is_rung_again_by_another_server(int provisional)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(first, second)));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await first.RequestAsync();
        if (provisional == 183) first.Answer(invite, SipUa.Sdp("8"), status: 183);
        else invite.Respond(180);
        invite.Respond(503);
        var ended = await EndsAsync(id, CallResult.Failed, CallReasons.DestinationUnreachable, 503);
        Assert.Single(ended.Legs!, leg => leg.Role == LegRole.Destination);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Private_caller_is_named_to_trusted_trunks_only(bool trusted)
    {
        await using var device = await RegisteredAsync("101-a");
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(far) with { Trusted = trusted }));
        var invite = device.Create(SipMethod.Invite, Number);
        invite.Headers.Add(HeaderName.Privacy, "id");
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(device);
        dialled.Invite = device.Endpoint.Invite(
            invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled, new DigestClient("101-a", WorkerRig.Password, device.Endpoint.Tokens));
        var outside = await far.RequestAsync();
        Assert.Equal("\"Anonymous\" <sip:anonymous@anonymous.invalid>", outside.Request.From.WithoutTag().ToString());
        Assert.Equal("id", outside.Request.Headers.Get(HeaderName.Privacy));
        Assert.Equal(trusted ? $"<sip:+4930101@{WorkerRig.Domain}>" : null, outside.Request.Headers.Get(HeaderName.PAssertedIdentity));
        outside.Respond(486);
    }

    [Fact]
    public async Task Trunk_that_takes_keys_by_info_gets_them_so()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(far) with { Dtmf = TrunkDtmf.Info }));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await far.RequestAsync();
        Assert.DoesNotContain("telephone-event", Encoding.ASCII.GetString(invite.Request.Body.Span), StringComparison.Ordinal);
        far.Answer(invite, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        (await phone.RingsAsync()).Press('5');
        var info = await far.InDialogAsync();
        Assert.Equal(SipMethod.Info, info.Request.Method);
        Assert.Contains("Signal=5", Encoding.ASCII.GetString(info.Request.Body.Span), StringComparison.Ordinal);
        info.Respond(200);
    }

    [Fact]
    public async Task Server_that_does_not_answer_options_is_passed_over_until_it_does()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        // Out of the range that the functions allow, so that the test does not take a minute.
        await PublishAsync(Entry("one", Servers(first, second) with { Health = new TrunkHealth(IntervalSeconds: 0, TimeoutSeconds: 20, DownAfter: 2) }));
        using var answering = new CancellationTokenSource();
        var status = 503;
        var asked = Task.WhenAll(AnswerOptionsAsync(first, () => status, answering.Token), AnswerOptionsAsync(second, () => 200, answering.Token));
        await StateAsync(state => state.ServersUp == 1);
        Assert.Equal((1, 1), (Rig.Server.Health.Trunks, Rig.Server.Health.TrunksUp));
        Assert.Equal(1, Gauge("clicktodial.trunk.servers.up", "one"));

        status = 404; // Whatever it says, it lives.
        await StateAsync(state => state.ServersUp == 2);
        Assert.Equal(2, Gauge("clicktodial.trunk.servers.up", "one"));
        await answering.CancelAsync();
        await asked;
    }

    [Theory]
    [InlineData(500)]
    [InlineData(408)]
    [InlineData(504)]
    public async Task Call_that_fails_behind_a_server_says_nothing_of_the_server(int status)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var only = new SipUa(Rig.SipAddress);
        await PublishAsync(Entry("one", Servers(only) with { Health = new TrunkHealth(IntervalSeconds: 3600, TimeoutSeconds: 20, DownAfter: 1) }));
        (await only.RequestAsync()).Respond(200);
        for (var i = 0; i < 2; i++)
        {
            var id = await OriginateAsync(WorkerRig.Command(Number));
            (await only.RequestAsync()).Respond(status);
            var ended = await Rig.Functions.EventAsync(id, CallEventType.CallEnded);
            Assert.Contains(ended.Legs!, leg => leg.SipStatus == status);
        }
        Assert.Equal(1, Assert.Single(Rig.Server.Trunks).ServersUp);
    }

    [Fact]
    public async Task Trunk_is_registered_refreshed_and_taken_back()
    {
        await using var carrier = new SipUa(Rig.SipAddress);
        await PublishAsync(Registering(Servers(carrier) with { Registration = new TrunkRegistration("carrier.example", 60) }));
        var authenticator = new DigestAuthenticator(new DigestOptions(), TimeProvider.System, new byte[32]);
        var secret = DigestSecret.FromPassword("account", "carrier.example", "trunk-secret");

        var first = await carrier.RequestAsync();
        Assert.Equal(("REGISTER", "sip:carrier.example"), (first.Request.Method.Name, first.Request.Uri.ToString()));
        Assert.Equal("account", first.Request.To.Uri.User);
        var challenge = first.CreateResponse(401);
        authenticator.Challenge(challenge, "carrier.example");
        first.Respond(challenge);
        var second = await carrier.RequestAsync();
        Assert.True(authenticator.Verify(second.Request, "carrier.example", proxy: false, _ => secret).IsAccepted);
        Assert.Equal(60u, second.Request.Expires);
        var brief = second.CreateResponse(423);
        brief.Headers.Add(HeaderName.MinExpires, "90");
        second.Respond(brief);

        var third = await carrier.RequestAsync();
        Assert.Equal(90u, third.Request.Expires);
        Assert.Equal(first.Request.CallId, third.Request.CallId);
        Assert.True(third.Request.CSeq.Number > second.Request.CSeq.Number);
        Grant(third, 1);
        await StateAsync(state => state.IsRegistered == true);
        var refresh = await carrier.RequestAsync();
        Assert.Equal(third.Request.Contact!.Uri, refresh.Request.Contact!.Uri);
        Grant(refresh, 600);

        var draining = Rig.Server.DrainAsync(CancellationToken.None);
        var last = await carrier.RequestAsync();
        Assert.Equal(0u, last.Request.Expires);
        last.Respond(200);
        await draining.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Registration_goes_to_the_next_server_and_comes_again_after_a_wait()
    {
        await using var first = new SipUa(Rig.SipAddress);
        await using var second = new SipUa(Rig.SipAddress);
        await PublishAsync(Registering(Servers(first, second) with { Registration = new TrunkRegistration("carrier.example") }));
        (await first.RequestAsync()).Respond(503);
        (await second.RequestAsync()).Respond(403);
        Assert.False(Assert.Single(Rig.Server.Trunks).IsUp);
        Grant(await first.RequestAsync(), 600);
        await StateAsync(state => state is { IsRegistered: true, IsUp: true });
    }

    [Fact]
    public async Task Call_to_our_registration_is_recognised_from_any_port_of_the_carrier()
    {
        await using var phone = await Rig.PhoneAsync("102-a");
        await using var carrier = new SipUa(Rig.SipAddress);
        await using var elsewhere = new SipUa(Rig.SipAddress);
        await PublishAsync(Registering(Servers(carrier) with { Registration = new TrunkRegistration("carrier.example") }));
        var register = await carrier.RequestAsync();
        Grant(register, 600);
        await StateAsync(state => state.IsRegistered == true);

        var from = NameAddress.Parse($"<sip:+12025550100@{WorkerRig.Domain}>");
        var invite = elsewhere.Endpoint.CreateRequest(
            SipMethod.Invite, register.Request.Contact!.Uri, from, NameAddress.Parse("<sip:102@carrier.example>"), SipUri.Parse($"sip:x@{elsewhere.Address}"));
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(elsewhere);
        dialled.Invite = elsewhere.Endpoint.Invite(invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled);
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        Assert.Equal("+12025550100", (await phone.RingsAsync()).CallerNumber);
        dialled.Invite.Cancel();
    }

    [Fact]
    public async Task Contact_of_our_registration_alone_proves_nothing()
    {
        await using var carrier = new SipUa(Rig.SipAddress);
        await using var stranger = new SipUa(Rig.SipAddress, AtAnotherAddress);
        await PublishAsync(Registering(Servers(carrier) with { Registration = new TrunkRegistration("carrier.example") }));
        var register = await carrier.RequestAsync();
        Grant(register, 600);
        await StateAsync(state => state.IsRegistered == true);

        var from = NameAddress.Parse("<sip:+12025550100@carrier.example>");
        var invite = stranger.Endpoint.CreateRequest(
            SipMethod.Invite, register.Request.Contact!.Uri, from, NameAddress.Parse("<sip:102@carrier.example>"), SipUri.Parse($"sip:x@{stranger.Address}"));
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(stranger);
        dialled.Invite = stranger.Endpoint.Invite(invite, new(Sip.Transport.SipTransportKind.Udp, Rig.SipAddress), dialled);
        Assert.Equal(404, (await dialled.ResponseAsync()).Status);
    }

    private static Sip.Endpoint.SipEndpointOptions AtAnotherAddress(Sip.Endpoint.SipEndpointOptions options) => options with
    {
        Listen = [new Sip.Endpoint.SipListen(Sip.Transport.SipTransportKind.Udp, new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.2"), 0))],
    };

    private static void Grant(ServerTransaction register, int seconds)
    {
        var response = register.CreateResponse(200);
        response.Headers.Add(HeaderName.Contact, $"<{register.Request.Contact!.Uri}>;expires={seconds}");
        register.Respond(response);
    }

    private static TrunkSettings Servers(params SipUa[] servers) =>
        new(Servers: [.. servers.Select((server, i) => new TrunkServer($"sip:{server.Address}", i))]);

    private static TrunkEntry Entry(string name, TrunkSettings settings, string prefix = "+49") => new(name, [prefix], "sip:carrier.example", Settings: settings);

    private static TrunkEntry Registering(TrunkSettings settings) => Entry("one", settings) with { UserName = "account", Password = "trunk-secret" };

    private Task PublishAsync(params TrunkEntry[] trunks)
    {
        Rig.Functions.Publish(WorkerRig.Snapshot(trunks));
        return Rig.Server.DirectoryLearnsAsync(directory => directory.Trunks.Count == trunks.Length);
    }

    private static async Task AnswerOptionsAsync(SipUa ua, Func<int> status, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var asked = ua.RequestAsync();
            if (await Task.WhenAny(asked, Task.Delay(Timeout.Infinite, stop)) != asked) return;
            (await asked).Respond(status());
        }
    }

    private async Task StateAsync(Func<TrunkState, bool> wished)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (Rig.Server.Trunks is not [{ } state] || !wished(state)) Assert.True(await timer.WaitForNextTickAsync(limit.Token));
    }

    private static int Gauge(string name, string trunk)
    {
        var value = -1;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == "ClickToDial.Trunks" && instrument.Name == name) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, measured, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag is { Key: "trunk", Value: string label } && label == trunk) value = Math.Max(value, measured);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return value;
    }
}
