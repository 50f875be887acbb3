using System.Net;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Calls;

/// <summary>Who may start a call, and every reason why somebody may not.</summary>
public sealed class CredentialTests(AppRig app)
{
    [Theory]
    [InlineData("+12025550199", 202)]
    [InlineData("+12025550100", 403)]
    [InlineData("102", 403)]
    public async Task Token_MayShowTheUsersOwnCallerIdOnly(string callerId, int status)
    {
        var domain = app.NewDomain();
        var call = new { user = "101", destination = "+12025550123", callerId };

        var byToken = await domain.PostCallAsync(call, token: await domain.TokenAsync());

        if (status == 403) byToken.IsProblem(HttpStatusCode.Forbidden, "caller-id-not-allowed", "callerId");
        else Assert.Equal(HttpStatusCode.Accepted, byToken.Status);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(call)).Status);
    }

    [Theory]
    [InlineData("+12025550123", "outbound")]
    [InlineData("102", "internal")]
    [InlineData("echo", "internal")]
    public async Task Direction_IsSeenFromTheUser(string destination, string direction)
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync(destination);
        Assert.Equal(direction, (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("direction").GetString());
    }

    [Theory]
    [InlineData(null, null, 401, "credentials-missing")]
    [InlineData("ctd_key1_wrong-wrong-wrong", null, 401, "api-key-invalid")]
    [InlineData("ctd_nokey_0123456789abcdef0123456789abcdef", null, 401, "api-key-invalid")]
    [InlineData("ctd_key1_0123456789abcdef0123456789abcdeX", null, 401, "api-key-invalid")]
    [InlineData("", null, 401, "api-key-invalid")]
    [InlineData(null, "Basic dXNlcjpwYXNz", 401, "credentials-missing")]
    [InlineData(null, "Bearer x", 401, "token-malformed")]
    [InlineData(null, "Bearer a.b.c", 401, "token-malformed")]
    [InlineData("ctd_key1_0123456789abcdef0123456789abcdef", "Bearer a.b.c", 400, "credentials-ambiguous")]
    public async Task BadCredentials_SayWhy(string? key, string? authorization, int status, string reason)
    {
        AssertApp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/calls");
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);

        (await Answer.ReadAsync(await app.Client.SendAsync(request))).IsProblem((HttpStatusCode)status, reason);
    }

    [Fact]
    public async Task KeyWithoutTheScope_IsRefusedEverywhere()
    {
        var domain = app.NewDomain() with { };
        var few = domain with { Key = domain.FewKey };

        (await few.PostCallAsync()).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await few.GetAsync("/api/calls")).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await few.DeleteAsync("/api/calls/x")).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await few.SendAsync(HttpMethod.Post, "/api/sessions", new { user = "101" })).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task Token_CannotMakeTokens()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync();

        (await domain.SendAsync(HttpMethod.Post, "/api/sessions", new { user = "101" }, token)).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
    }

    public static TheoryData<string, int, string> TokenTimes => new()
    {
        { "expired", 401, "token-expired" },
        { "early", 401, "token-not-yet-valid" },
        { "audience", 401, "token-wrong-audience" },
        { "issuer", 401, "token-invalid" },
        { "key", 401, "token-invalid" },
        { "domain", 403, "domain-not-allowed" },
    };

    [Theory]
    [MemberData(nameof(TokenTimes))]
    public async Task TokenThatDoesNotFit_SaysWhy(string fault, int status, string reason)
    {
        var domain = app.NewDomain();
        var now = app.Clock.GetUtcNow();
        var claims = new SessionClaims("https://issuer.test", "click-to-dial", "t", domain.Name, "101", 1, now, now, now.AddMinutes(5));
        claims = fault switch
        {
            "expired" => claims with { Expires = now.AddSeconds(-6) },
            "early" => claims with { NotBefore = now.AddSeconds(30) },
            "audience" => claims with { Audience = "them" },
            "issuer" => claims with { Issuer = "https://them.test" },
            "domain" => claims with { Domain = "gone.test" },
            _ => claims,
        };
        var key = fault == "key" ? SigningKey.Generate() : app.Services.GetRequiredService<SigningKeyRing>().Current;

        (await domain.PostCallAsync(token: SessionTokenWriter.Write(claims, key))).IsProblem((HttpStatusCode)status, reason);
        Assert.Equal(0, domain.CommandsAtWorker);
    }

    [Fact]
    public async Task TokenBoundToDestinationsAndUser_KeepsToThem()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", destinations = new[] { "+4930*", "echo" } });

        (await domain.PostCallAsync(TestDomain.Call("milliwatt"), token: token)).IsProblem(HttpStatusCode.Forbidden, "token-destination-not-covered");
        (await domain.PostCallAsync(TestDomain.Call("echo", "102"), token: token)).IsProblem(HttpStatusCode.Forbidden, "token-user-differs");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call("+49301234567"), token: token)).Status);
    }

    [Fact]
    public async Task TokenBoundToAnOrigin_WorksThereOnly()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", origin = AppRig.Origin });

        (await domain.PostCallAsync(token: token)).IsProblem(HttpStatusCode.Forbidden, "token-wrong-origin");
        (await domain.PostCallAsync(token: token, origin: AppRig.Origin + ".evil.example")).IsProblem(HttpStatusCode.Forbidden, "token-wrong-origin");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(token: token, origin: AppRig.Origin)).Status);
    }

    [Fact]
    public async Task TokenAlone_NamesTheUser()
    {
        var domain = app.NewDomain();

        var answer = await domain.PostCallAsync(new { destination = "echo" }, token: await domain.TokenAsync());

        Assert.Equal("101", answer.Json.GetProperty("user").GetString());
    }

    private static void AssertApp() => TestKit.Azure.AzuriteFixture.SkipIfMissing();
}
