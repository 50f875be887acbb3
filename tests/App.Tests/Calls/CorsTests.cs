using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Calls;

public sealed class CorsTests(AppRig app)
{
    [Theory]
    [InlineData(AppRig.Origin, true)]
    [InlineData("https://other.example.com", true)]
    [InlineData("https://crm.example.com.evil.example", false)]
    [InlineData("http://crm.example.com", false)]
    [InlineData("https://CRM.example.com", false)]
    [InlineData("https://crm.example.com:8443", false)]
    [InlineData("null", false)]
    public async Task Preflight_IsAnsweredForNamedOriginsExactly(string origin, bool allowed)
    {
        TestKit.Azure.AzuriteFixture.SkipIfMissing();
        foreach (var path in new[] { "/api/calls", "/api/calls/some-id", "/api/calls/some-id/events" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            var answer = await Answer.ReadAsync(await app.Client.SendAsync(request));

            Assert.Equal(HttpStatusCode.NoContent, answer.Status);
            Assert.Equal(allowed ? origin : null, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(allowed, answer.Header("Access-Control-Allow-Methods") is not null);
            Assert.Contains("Origin", answer.Header("Vary"));
        }
    }

    [Fact]
    public async Task Answer_IsReadableForTheDomainsOwnOriginOnly()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync();

        var own = await domain.PostCallAsync(token: token, origin: AppRig.Origin);
        var foreign = await domain.PostCallAsync(token: token, origin: "https://other.example.com");

        Assert.Equal(AppRig.Origin, own.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Location", own.Header("Access-Control-Expose-Headers"));
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task RefusalOfABadToken_IsReadableToo()
    {
        var answer = await app.NewDomain().PostCallAsync(token: "a.b.c", origin: AppRig.Origin);

        answer.IsProblem(HttpStatusCode.Unauthorized, "token-malformed");
        Assert.Equal(AppRig.Origin, answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task OtherEndpoints_AreNotForBrowsers()
    {
        var answer = await app.NewDomain().SendAsync(
            HttpMethod.Post, "/api/sessions", new { user = "101" }, with: r => r.Headers.Add("Origin", AppRig.Origin));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }
}
