using System.Text.Json.Nodes;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Hooks;

/// <summary>F4: tokens are checked with the published key, and nobody is asked.</summary>
public sealed class SessionTokenCheckTests : IAsyncLifetime
{
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly HttpClient _http = new();
    private FunctionsPeer _functions = null!;
    private SessionKeys _keys = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _functions = await FunctionsPeer.StartAsync(new DirectorySnapshot([], []), _ports.Next());
        _keys = new SessionKeys(_http, _functions.Url, TimeProvider.System, new Random(1), NullLogger<SessionKeys>.Instance);
        _keys.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        await _functions.DisposeAsync();
        _http.Dispose();
        _ports.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_functions_is_read()
    {
        var token = _functions.Mint.Token("demo.local", "101", Now, claims => claims["destinations"] = new JsonArray("+49*", "102"));
        var (claims, why) = await CheckAsync(token);
        Assert.Null(why);
        Assert.Equal(("demo.local", "101", 1), (claims!.Domain, claims.User, claims.Calls));
        Assert.Equal(["+49*", "102"], claims.Destinations);
    }

    [Theory]
    [InlineData("iss", "https://other.test", "token-invalid")]
    [InlineData("aud", "other", "token-wrong-audience")]
    [InlineData("sub", null, "token-malformed")]
    [InlineData("calls", 0, "token-malformed")]
    [InlineData("exp", 1, "token-expired")]
    [InlineData("nbf", 4102444800L, "token-not-yet-valid")]
    [InlineData("exp", 999999999999999L, "token-malformed")]
    [InlineData("origin", "https://other.example", "token-wrong-origin")]
    [InlineData("origin", 7, "token-malformed")]
    [InlineData("destinations", "all", "token-malformed")]
    public async Task A_claim_that_does_not_hold_is_named(string claim, object? value, string slug)
    {
        var token = _functions.Mint.Token("demo.local", "101", Now, claims => claims[claim] = value switch
        {
            int number => number,
            long number => number,
            _ => (string?)value,
        });
        Assert.Equal(slug, (await CheckAsync(token, "https://crm.example")).Why?.Slug);
    }

    [Theory]
    [InlineData("alg", "none", "token-malformed")]
    [InlineData("alg", "HS256", "token-malformed")]
    [InlineData("crit", "exp", "token-malformed")]
    [InlineData("kid", "another", "token-invalid")]
    public async Task A_header_that_asks_for_something_else_is_refused(string member, string value, string slug)
    {
        var token = _functions.Mint.Token("demo.local", "101", Now, changeHeader: header => header[member] = value);
        Assert.Equal(slug, (await CheckAsync(token)).Why?.Slug);
    }

    [Fact]
    public async Task A_signature_of_somebody_else_under_our_key_id_is_refused()
    {
        using var forger = new SessionMint();
        Assert.Equal("token-invalid", (await CheckAsync(forger.Token("demo.local", "101", Now))).Why?.Slug);
    }

    [Fact]
    public async Task A_changed_claim_breaks_the_signature()
    {
        var parts = _functions.Mint.Token("demo.local", "101", Now).Split('.');
        var other = _functions.Mint.Token("demo.local", "102", Now).Split('.');
        Assert.Equal("token-invalid", (await CheckAsync($"{parts[0]}.{other[1]}.{parts[2]}")).Why?.Slug);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("a.b")]
    [InlineData("....")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    public async Task What_is_no_token_is_malformed(string text) => Assert.Equal("token-malformed", (await CheckAsync(text)).Why?.Slug);

    [Fact]
    public async Task The_origin_the_token_is_bound_to_may_use_it()
    {
        var token = _functions.Mint.Token("demo.local", "101", Now, claims => claims["origin"] = "https://crm.example");
        Assert.Null((await CheckAsync(token, "https://crm.example")).Why);
        Assert.Equal("token-wrong-origin", (await CheckAsync(token, null)).Why?.Slug);
        Assert.Equal("token-wrong-origin", (await CheckAsync(token, "https://crm.example.evil.example")).Why?.Slug);
    }

    [Fact]
    public async Task Without_an_issuer_no_token_is_taken()
    {
        var token = _functions.Mint.Token("demo.local", "101", Now);
        var check = new SessionTokenCheck(_keys, new BrowserOptions(), TimeProvider.System);
        Assert.Equal("browser-calls-off", (await check.CheckAsync(token, null, TestContext.Current.CancellationToken)).Why?.Slug);
    }

    [Fact]
    public async Task The_local_hooks_count_calls_and_keep_to_the_destinations()
    {
        var hooks = new LocalBrowserHooks(Check(), TimeProvider.System);
        var token = _functions.Mint.Token("Demo.Local", "101", Now, claims =>
        {
            claims["calls"] = 2;
            claims["destinations"] = new JsonArray("+4930*", "102");
        });
        var stop = TestContext.Current.CancellationToken;
        var connected = await hooks.ConnectAsync(new BrowserConnect("s1", token, null, new(System.Net.IPAddress.Loopback, 1)), stop);
        var identity = Assert.IsType<ConnectAnswer.Accepted>(connected).Identity;
        Assert.Equal("demo.local", identity.Domain);
        Assert.Equal("token-destination-not-covered", await SlugAsync("+4940123"));
        Assert.Null(await SlugAsync("+4930123"));
        Assert.Null(await SlugAsync("102"));
        Assert.Equal("token-spent", await SlugAsync("102"));

        async Task<string?> SlugAsync(string destination) =>
            (await hooks.CallAsync(new BrowserCall(identity, "s1", "call", destination), stop) as CallAnswer.Refused)?.Why.Slug;
    }

    private SessionTokenCheck Check() => new(_keys, new BrowserOptions { Issuer = SessionMint.Issuer }, TimeProvider.System);

    private async Task<(TokenClaims? Claims, HookRefusal? Why)> CheckAsync(string token, string? origin = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience.Limit);
        return await Check().CheckAsync(token, origin, limit.Token);
    }
}
