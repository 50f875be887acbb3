using ClickToDial.Calls.Tests.Support;
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
