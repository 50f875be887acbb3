using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class RegistrarServiceTests : IAsyncLifetime
{
    private WorkerRig _rig = null!;
    private SipUa _ua = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await WorkerRig.StartAsync();
        _ua = new SipUa(_rig.SipAddress);
    }

    public async ValueTask DisposeAsync()
    {
        await _ua.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Registration_is_confirmed_with_its_lifetime_and_can_be_fetched()
    {
        var registered = await _ua.RegisterAsync("101-a");
        Assert.Equal(200, registered.Status);
        Assert.Equal("300", registered.Contact!.Parameters.Get("expires"));
        var fetched = await _ua.RegisterAsync("101-a", contact: "", expires: null);
        Assert.Equal(registered.Contact.Uri, fetched.Contact!.Uri);
    }

    [Theory]
    [InlineData("101-a", "wrong", WorkerRig.Domain, 401)]
    [InlineData("nobody", WorkerRig.Password, WorkerRig.Domain, 401)]
    [InlineData("101-a", WorkerRig.Password, "foreign.example", 404)]
    public async Task Stranger_is_refused(string account, string password, string domain, int status) =>
        Assert.Equal(status, (await _ua.RegisterAsync(account, password: password, domain: domain)).Status);

    [Fact]
    public async Task Device_may_not_register_for_another_user()
    {
        var register = _ua.Endpoint.CreateRequest(
            SipMethod.Register, SipUri.Create(null, WorkerRig.Domain), NameAddress.Parse($"<sip:102-a@{WorkerRig.Domain}>"),
            NameAddress.Parse($"<sip:102-a@{WorkerRig.Domain}>"));
        register.Headers.Add(HeaderName.Contact, $"<sip:102-a@{_ua.Address}>");
        var credentials = new Sip.Authentication.DigestClient("101-a", WorkerRig.Password, _ua.Endpoint.Tokens);
        Assert.Equal(403, (await _ua.AskAsync(register, credentials)).Status);
    }

    [Fact]
    public async Task Too_short_a_lifetime_is_answered_with_the_shortest()
    {
        var refused = await _ua.RegisterAsync("101-a", expires: 10);
        Assert.Equal(423, refused.Status);
        Assert.Equal("60", refused.Headers.Get(HeaderName.MinExpires));
    }

    [Fact]
    public async Task Too_long_a_lifetime_is_cut()
    {
        var registered = await _ua.RegisterAsync("101-a", expires: 1_000_000);
        Assert.Equal("3600", registered.Contact!.Parameters.Get("expires"));
    }

    [Fact]
    public async Task Star_takes_away_the_devices_own_contacts_and_nobody_elses()
    {
        await using var other = new SipUa(_rig.SipAddress);
        await other.RegisterAsync("101-b");
        await _ua.RegisterAsync("101-a", contact: "<sip:a@127.0.0.1:1>, <sip:a@127.0.0.1:2>");
        Assert.Equal(400, (await _ua.RegisterAsync("101-a", contact: "*", expires: 300)).Status);

        var cleared = await _ua.RegisterAsync("101-a", contact: "*", expires: 0);
        Assert.Equal(200, cleared.Status);
        Assert.False(cleared.Headers.Contains(HeaderName.Contact));
        Assert.NotNull((await other.RegisterAsync("101-b", contact: "", expires: null)).Contact);
    }

    [Fact]
    public async Task Contact_with_lifetime_zero_is_forgotten()
    {
        await _ua.RegisterAsync("101-a");
        Assert.False((await _ua.RegisterAsync("101-a", expires: 0)).Headers.Contains(HeaderName.Contact));
    }

    [Fact]
    public async Task Phone_that_registered_before_passes_the_door_that_somebody_beside_it_has_shut()
    {
        Assert.Equal(200, (await _ua.RegisterAsync("101-a")).Status);
        await using var stranger = new SipUa(_rig.SipAddress);
        for (var i = 0; i < LoginGuard.Free; i++) Assert.Equal(401, (await stranger.RegisterAsync("101-a", password: "guess" + i)).Status);
        Assert.Equal(403, (await stranger.RegisterAsync("101-a", password: "guess")).Status);
        Assert.Equal(200, (await _ua.RegisterAsync("101-a")).Status);
    }

    [Fact]
    public async Task Phone_that_registered_before_a_restart_passes_the_shut_door_after_it()
    {
        Assert.Equal(200, (await _ua.RegisterAsync("101-a")).Status);
        await _rig.KillWorkerAsync();
        await _rig.StartWorkerAsync();
        await using var stranger = new SipUa(_rig.SipAddress);
        for (var i = 0; i < LoginGuard.Free; i++) await stranger.RegisterAsync("101-a", password: "guess" + i);
        Assert.Equal(403, (await stranger.RegisterAsync("101-a", password: "guess")).Status);
        Assert.Equal(200, (await _ua.RegisterAsync("101-a")).Status);
    }

    [Fact]
    public async Task Known_phone_with_an_old_nonce_gets_a_new_one_through_the_shut_door()
    {
        var challenge = await _ua.AskAsync(Register());
        var client = new DigestClient("101-a", WorkerRig.Password, _ua.Endpoint.Tokens);
        var first = Register();
        Assert.True(client.TryAuthorize(first, challenge));
        var old = Register();
        old.Headers.CopyFrom(first.Headers, HeaderName.Authorization);
        Assert.Equal(200, (await _ua.AskAsync(first)).Status);
        await using var stranger = new SipUa(_rig.SipAddress);
        for (var i = 0; i <= LoginGuard.Free; i++) await stranger.RegisterAsync("101-a", password: "guess" + i);

        var refused = await _ua.AskAsync(old);
        Assert.Equal(401, refused.Status);
        Assert.Contains("stale=true", refused.Headers.Get(HeaderName.WwwAuthenticate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_passwords_and_shut_doors_are_counted()
    {
        var counted = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var meters = new System.Diagnostics.Metrics.MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RegistrarMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => counted.Add(instrument.Name));
        meters.Start();
        for (var i = 0; i <= LoginGuard.Free; i++) await _ua.RegisterAsync("102-a", password: "guess" + i);
        Assert.True(counted.Count(name => name == "registrar.wrong_passwords") > LoginGuard.Free);
        Assert.Contains("registrar.lockouts", counted);
        Assert.Contains("registrar.refused_shut", counted);
    }

    [Fact]
    public async Task Digest_over_a_body_is_refused_and_the_reason_said()
    {
        var challenge = await _ua.AskAsync(Register());
        var register = Register();
        Assert.True(AuthHeader.TryParse(challenge.Headers.Get(HeaderName.WwwAuthenticate)!, out var asked));
        register.Headers.Add(HeaderName.Authorization,
            $"Digest username=\"101-a\", realm=\"{WorkerRig.Domain}\", nonce=\"{asked["nonce"]}\", uri=\"sip:{WorkerRig.Domain}\", qop=auth-int, nc=00000001, cnonce=\"c\", response=\"{new string('0', 32)}\", algorithm=MD5");
        var refused = await _ua.AskAsync(register);
        Assert.Equal((400, "Quality Of Protection Must Be auth"), (refused.Status, refused.Reason));
    }

    [Fact]
    public async Task Credentials_that_were_seen_before_are_refused_with_a_new_nonce()
    {
        var challenge = await _ua.AskAsync(Register());
        var client = new DigestClient("101-a", WorkerRig.Password, _ua.Endpoint.Tokens);
        var first = Register();
        Assert.True(client.TryAuthorize(first, challenge));
        var replay = Register();
        replay.Headers.CopyFrom(first.Headers, HeaderName.Authorization);
        Assert.Equal(200, (await _ua.AskAsync(first)).Status);

        await using var thief = new SipUa(_rig.SipAddress);
        var refused = await thief.AskAsync(replay);
        Assert.Equal(401, refused.Status);
        Assert.Contains("stale=true", refused.Headers.Get(HeaderName.WwwAuthenticate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Late_REGISTER_of_the_same_call_changes_nothing()
    {
        Assert.Equal(200, (await _ua.RegisterAsync("101-a", more: register => register.CSeq = new CSeq(100, SipMethod.Register))).Status);
        var late = await _ua.RegisterAsync("101-a", contact: "<sip:late@127.0.0.1:9>", more: register => register.CSeq = new CSeq(50, SipMethod.Register));
        Assert.Equal(500, late.Status);
        Assert.DoesNotContain("late", (await _ua.RegisterAsync("101-a", contact: "", expires: null)).Headers.Get(HeaderName.Contact), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbered_flow_of_an_instance_is_confirmed_with_the_option_tag_and_a_flow_timer()
    {
        var registered = await _ua.RegisterAsync("101-a", Flow(1), more: Supports("outbound, path"));
        Assert.Equal(200, registered.Status);
        Assert.Equal("outbound", registered.Headers.Get(HeaderName.Require));
        Assert.Equal("120", registered.Headers.Get("Flow-Timer"));
        Assert.Equal(("urn:uuid:0", 1), (OutboundContact.Of(registered.Contact!)!.Instance, OutboundContact.Of(registered.Contact!)!.FlowId));
        Assert.Equal(2, (await _ua.RegisterAsync("101-a", Flow(2, "b"), more: Supports("outbound"))).Contacts!.Count);
        Assert.Equal(2, (await _ua.RegisterAsync("101-a", Flow(2, "c"), more: Supports("outbound"))).Contacts!.Count);
    }

    [Theory]
    [InlineData(HeaderName.Supported, "path", false)]
    [InlineData(HeaderName.Supported, "path, Outbound", true)]
    [InlineData(HeaderName.Require, "outbound", true)]
    public async Task Outbound_needs_a_device_that_knows_it(HeaderName header, string tags, bool outbound)
    {
        var registered = await _ua.RegisterAsync("101-a", Flow(1), more: register => register.Headers.Add(header, tags));
        Assert.Equal(200, registered.Status);
        Assert.Equal(outbound, registered.Headers.HasToken(HeaderName.Require, "outbound"));
    }

    [Fact]
    public async Task Device_with_two_flows_is_rung_once_and_by_the_other_when_the_newer_fails()
    {
        await using var second = new SipUa(_rig.SipAddress);
        Assert.Equal(200, (await _ua.RegisterAsync("101-a", Flow(1), more: Supports("outbound"))).Status);
        Assert.Equal(2, (await second.RegisterAsync("101-a", $"<sip:b@{second.Address};ob>;+sip.instance=\"<urn:uuid:0>\";reg-id=2", more: Supports("outbound"))).Contacts!.Count);
        await _rig.Server.Calls.OriginateAsync(TestKit.Peers.WorkerClient.NewCallId(), WorkerRig.Command("echo"), CancellationToken.None);
        (await second.RequestAsync()).Respond(430);
        var invite = await _ua.RequestAsync();
        Assert.Equal(("INVITE", "a"), (invite.Request.Method.Name, invite.Request.Uri.User));
    }

    [Fact]
    public async Task Two_flows_in_one_request_are_refused() =>
        Assert.Equal(400, (await _ua.RegisterAsync("101-a", $"{Flow(1)}, {Flow(2, "b")}", more: Supports("outbound"))).Status);

    [Fact]
    public async Task Path_is_told_back_and_is_the_route_of_calls_to_the_device()
    {
        var registered = await _ua.RegisterAsync("101-a", more: register =>
        {
            Supports("path")(register);
            register.Headers.Add(HeaderName.Path, $"<sip:edge@{_ua.Address};lr;ob>");
            register.Headers.Add(HeaderName.Path, "<sip:192.0.2.50;lr>");
        });
        Assert.Equal([$"<sip:edge@{_ua.Address};lr;ob>", "<sip:192.0.2.50;lr>"], registered.Headers.GetList(HeaderName.Path));
        Assert.True(registered.Headers.HasToken(HeaderName.Supported, "path"));

        await _rig.Server.Calls.OriginateAsync(TestKit.Peers.WorkerClient.NewCallId(), WorkerRig.Command("echo"), CancellationToken.None);
        var invite = (await _ua.RequestAsync()).Request;
        Assert.Equal([$"<sip:edge@{_ua.Address};lr;ob>", "<sip:192.0.2.50;lr>"], invite.Headers.GetList(HeaderName.Route));
        Assert.Equal("101-a", invite.Uri.User);
    }

    [Fact]
    public async Task Path_that_makes_no_sense_is_refused() =>
        Assert.Equal(400, (await _ua.RegisterAsync("101-a", more: register => register.Headers.Add(HeaderName.Path, "<tel:+49>"))).Status);

    private SipRequest Register()
    {
        var address = NameAddress.Parse($"<sip:101-a@{WorkerRig.Domain}>");
        return _ua.Endpoint.CreateRequest(SipMethod.Register, SipUri.Create(null, WorkerRig.Domain), address, address);
    }

    private string Flow(int id, string user = "a") => $"<sip:{user}@{_ua.Address};ob>;+sip.instance=\"<urn:uuid:0>\";reg-id={id}";

    private static Action<SipRequest> Supports(string tags) => register => register.Headers.Add(HeaderName.Supported, tags);

    [Fact]
    public async Task Options_is_answered_and_what_belongs_to_no_dialog_is_not()
    {
        var options = await _ua.AskAsync(_ua.Create(SipMethod.Options, "101"));
        Assert.Equal(200, options.Status);
        Assert.Contains("INVITE", options.Headers.Get(HeaderName.Allow), StringComparison.Ordinal);
        Assert.Equal(481, (await _ua.AskAsync(_ua.Create(SipMethod.Bye, "101"))).Status);
        Assert.Equal(405, (await _ua.AskAsync(_ua.Create(SipMethod.Subscribe, "101"))).Status);
        Assert.True(SipMethod.TryParse("DANCE"u8, out var unknown));
        Assert.Equal(501, (await _ua.AskAsync(_ua.Create(unknown, "101"))).Status);
    }

    [Fact]
    public async Task Without_a_directory_devices_are_asked_to_come_back()
    {
        await _rig.KillWorkerAsync();
        _rig.Functions.RefuseWith(503);
        await _rig.StartWorkerAsync(waitForDirectory: false);
        var refused = await _ua.RegisterAsync("101-a");
        Assert.Equal(503, refused.Status);
        Assert.NotNull(refused.Headers.Get(HeaderName.RetryAfter));
        using var health = await _rig.Api.HealthAsync("/healthz/ready");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }
}
