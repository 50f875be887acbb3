using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Tests.Login;

/// <summary>Third-party login, as servers and pages of other products do it.</summary>
public sealed class LoginTests(ClockRig rig) : IClassFixture<ClockRig>
{
    private readonly AppRig _app = rig.App;

    [Fact(DisplayName = "V5: a login token becomes a session once, and the session is a cookie with the right flags")]
    public async Task Token_BecomesASessionOnce()
    {
        var domain = _app.NewDomain();
        var token = await TokenAsync(domain);

        var session = await ActivateAsync(token);
        Assert.Equal((HttpStatusCode.OK, "true"), (session.Status, session.Body));
        var cookie = session.Header("Set-Cookie")!;
        Assert.StartsWith("session=", cookie);
        Assert.All(new[] { "httponly", "secure", "samesite=strict", "path=/", "max-age=" }, flag => Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(cookie["session=".Length..cookie.IndexOf(';', StringComparison.Ordinal)], session.Body);

        (await ActivateAsync(token)).IsProblem(HttpStatusCode.Unauthorized, "login-token-invalid");
    }

    [Fact(DisplayName = "V5: of many who activate a token at once, one has the session")]
    public async Task Token_IsNobodysTwice()
    {
        var token = await TokenAsync(_app.NewDomain());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ActivateAsync(token)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    [Fact(DisplayName = "V5: a login token is good for ten seconds")]
    public async Task Token_ExpiresAfterTenSeconds()
    {
        var token = await TokenAsync(_app.NewDomain());
        _app.Clock.PutForward(TimeSpan.FromSeconds(10));

        (await ActivateAsync(token)).IsProblem(HttpStatusCode.Unauthorized, "login-token-invalid");
    }

    [Theory(DisplayName = "V5: who may have a login token")]
    [InlineData("""{"name":"3rd","username":"101","domain":"{domain}"}""", "admin", true, 200, null)]
    [InlineData("""{"name":"3rd","username":"101"}""", "admin@{domain}", true, 200, null)]
    [InlineData("""{"name":"3rd","username":"101"}""", "admin@other.test", true, 403, "domain-not-allowed")]
    [InlineData("""{"name":"3rd","username":"101","domain":"other.test"}""", "admin", true, 403, "domain-not-allowed")]
    [InlineData("""{"name":"3rd","username":"999"}""", "admin", true, 404, "user-unknown")]
    [InlineData("""{"name":"3rd","domain":"{domain}"}""", "admin", true, 400, "field-missing")]
    [InlineData("""{"name":"3rd","admin":true}""", "admin", true, 400, "field-missing")]
    [InlineData("""{"name":"3rd","username":"101"}""", "admin", false, 401, "api-key-invalid")]
    [InlineData("""{"name":"3rd","username":"101"}""", null, false, 401, "login-required")]
    [InlineData("""{"name":"other"}""", "admin", true, 400, "field-invalid")]
    [InlineData("""{"name":"session","value":"nonsense"}""", null, true, 401, "login-token-invalid")]
    public async Task Token_IsForTheDomainsServers(string body, string? account, bool right, int status, string? reason)
    {
        var domain = _app.NewDomain();

        var answer = await PostAsync(body.Replace("{domain}", domain.Name), r =>
        {
            if (account is not null) Basic(r, account.Replace("{domain}", domain.Name), right ? domain.Key : "ctd_nobody_0123456789abcdef0123");
        });

        Assert.Equal((status, reason), ((int)answer.Status, reason is null ? null : answer.Json.GetProperty("reason").GetString()));
        if (reason is null) Assert.Equal(JsonValueKind.String, answer.Json.ValueKind);
    }

    [Theory(DisplayName = "V5: wrong keys that come by a worker are those of the address that it names, and nobody else may name one")]
    [InlineData(AppRig.WorkerToken, HttpStatusCode.OK)]
    [InlineData("not-the-token-of-a-worker", HttpStatusCode.TooManyRequests)]
    public async Task WrongKeys_AreOfWhoeverTriedThem(string workerToken, HttpStatusCode other)
    {
        var domain = _app.NewDomain();
        // The worker's own address is the same for all who come by it.
        var worker = $"203.0.{Random.Shared.Next(0, 250)}.{Random.Shared.Next(1, 250)}";
        var (guesser, colleague) = ($"2001:db8:{Random.Shared.Next(1, 0xffff):x}:1::1", $"2001:db8:{Random.Shared.Next(1, 0xffff):x}:2::1");
        for (var i = 0; i < FailureLimiter.MaxFailures; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(guesser, "ctd_nobody_0123456789abcdef0123")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(guesser, domain.Key)).Status);
        Assert.Equal(other, (await TryAsync(colleague, domain.Key)).Status);

        Task<Answer> TryAsync(string client, string key) => PostAsync("""{"name":"3rd","username":"101"}""", r =>
        {
            Basic(r, "admin", key);
            r.Headers.Remove("X-Forwarded-For");
            r.Headers.Add("X-Forwarded-For", worker);
            r.Headers.Add("X-Worker-Token", workerToken);
            r.Headers.Add("X-Client-Address", client);
        });
    }

    [Fact(DisplayName = "V5, V8: a page of a named origin may log in, others may not")]
    public async Task Origin_MustBeTheDomains()
    {
        var domain = _app.NewDomain();

        var good = await ActivateAsync(await TokenAsync(domain), AppRig.Origin);
        Assert.Equal((HttpStatusCode.OK, AppRig.Origin, "true"), (good.Status, good.Header("Access-Control-Allow-Origin"), good.Header("Access-Control-Allow-Credentials")));
        var bad = await ActivateAsync(await TokenAsync(domain), "https://crm.example.com.evil.example");
        bad.IsProblem(HttpStatusCode.Forbidden, "origin-not-allowed");
        Assert.Null(bad.Header("Access-Control-Allow-Origin"));
        Assert.Null(bad.Header("Set-Cookie"));
        (await ActivateAsync(await TokenAsync(domain), "https://other.example.com")).IsProblem(HttpStatusCode.Forbidden, "origin-not-allowed");
    }

    [Fact(DisplayName = "V8: pbxlogin gives a login token to the page of a user who is signed in, and to nobody else")]
    public async Task PbxLogin_IsForSignedInUsers()
    {
        var domain = _app.NewDomain();
        var cookie = (await ActivateAsync(await TokenAsync(domain))).Header("Set-Cookie")!.Split(';')[0];

        var answer = await GetAsync("/rest/pbxlogin", r => r.Headers.Add("Cookie", cookie));
        Assert.Equal((HttpStatusCode.OK, "101", domain.Name), (answer.Status, Text(answer, "user"), Text(answer, "domain")));
        Assert.StartsWith("127.0.0.1", Text(answer, "server"));
        Assert.Equal(HttpStatusCode.OK, (await ActivateAsync(Text(answer, "session"))).Status);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/rest/pbxlogin", Bearer(TokenOf(cookie)))).Status);
        (await GetAsync("/rest/pbxlogin?" + cookie)).IsProblem(HttpStatusCode.Unauthorized, "credentials-missing");
        (await GetAsync("/rest/pbxlogin")).IsProblem(HttpStatusCode.Unauthorized, "credentials-missing");
        (await GetAsync("/rest/pbxlogin", Bearer("a.b.c"))).IsProblem(HttpStatusCode.Unauthorized, "token-malformed");
        (await GetAsync("/rest/pbxlogin", r =>
        {
            r.Headers.Add("Cookie", cookie);
            r.Headers.Add("Origin", "https://evil.example");
        })).IsProblem(HttpStatusCode.Forbidden, "origin-not-allowed");
    }

    [Fact(DisplayName = "V8, B2: a page's token, made for few calls, cannot be traded for a login")]
    public async Task PbxLogin_TakesNoPageToken()
    {
        var domain = _app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", calls = 1, destinations = new[] { "echo" } });

        (await GetAsync("/rest/pbxlogin", Bearer(token))).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await GetAsync("/rest/pbxlogin", r => r.Headers.Add("Cookie", "session=" + token))).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact(DisplayName = "V5, V8: however often a login is passed on, it ends when it would have, and its calls are not more")]
    public async Task Login_IsNotMadeLonger()
    {
        var first = await SessionAsync(await TokenAsync(_app.NewDomain()));
        _app.Clock.PutForward(TimeSpan.FromSeconds(5));
        var second = await SessionAsync(Text(await GetAsync("/rest/pbxlogin", Bearer(first)), "session"));
        _app.Clock.PutForward(TimeSpan.FromSeconds(5));
        var third = await SessionAsync(Text(await GetAsync("/rest/pbxlogin", Bearer(second)), "session"));

        Assert.Equal(Limits(first), Limits(second));
        Assert.Equal(Limits(first), Limits(third));
        Assert.NotEqual(Limits(first), Limits(await SessionAsync(await TokenAsync(_app.NewDomain()))));
    }

    [Fact(DisplayName = "F1: TURN credentials come with the token, good for a while, signed with the server's secret")]
    public async Task TurnCredentials_ComeWithTheToken()
    {
        var answer = await _app.NewDomain().SendAsync(HttpMethod.Post, "/api/sessions", new { user = "101" });

        var turn = answer.Json.GetProperty("turn");
        var name = turn.GetProperty("username").GetString()!;
        Assert.Equal(AppRig.TurnUrl, turn.GetProperty("urls")[0].GetString());
        Assert.Equal(turn.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeSeconds(), long.Parse(name.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture));
#pragma warning disable CA5350 // What TURN servers verify.
        var mac = System.Security.Cryptography.HMACSHA1.HashData(Encoding.UTF8.GetBytes(AppRig.TurnSecret), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
        Assert.Equal(Convert.ToBase64String(mac), turn.GetProperty("credential").GetString());
    }

    private async Task<string> SessionAsync(string token) => TokenOf((await ActivateAsync(token)).Header("Set-Cookie")!.Split(';')[0]);

    private static string TokenOf(string cookie) => cookie["session=".Length..];

    private static (long Ends, string? Id, int Calls) Limits(string session)
    {
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(session.Split('.')[1]));
        return (claims.GetProperty("exp").GetInt64(), claims.GetProperty("jti").GetString(), claims.GetProperty("calls").GetInt32());
    }

    private static Action<HttpRequestMessage> Bearer(string token) => r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private async Task<string> TokenAsync(TestDomain domain)
    {
        var answer = await PostAsync("""{"name":"3rd","username":"101"}""", r => Basic(r, "admin", domain.Key));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json.GetString()!;
    }

    private Task<Answer> ActivateAsync(string token, string? origin = null) => PostAsync(
        JsonSerializer.Serialize(new { name = "session", value = token }),
        r =>
        {
            // As a page posts that wants no preflight.
            r.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            if (origin is not null) r.Headers.Add("Origin", origin);
        });

    private async Task<Answer> PostAsync(string body, Action<HttpRequestMessage> with)
    {
        TestKit.Azure.AzuriteFixture.SkipIfMissing();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rest/system/session") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        // Addresses of their own: guesses of one test are not another's.
        request.Headers.Add("X-Forwarded-For", $"198.51.{Random.Shared.Next(0, 250)}.{Random.Shared.Next(1, 250)}");
        with(request);
        return await Answer.ReadAsync(await _app.Client.SendAsync(request));
    }

    private async Task<Answer> GetAsync(string path, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        with?.Invoke(request);
        return await Answer.ReadAsync(await _app.Client.SendAsync(request));
    }

    private static void Basic(HttpRequestMessage request, string account, string password) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{password}")));

    private static string Text(Answer answer, string name) => answer.Json.GetProperty(name).GetString()!;
}
