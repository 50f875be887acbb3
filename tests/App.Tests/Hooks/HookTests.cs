using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Hooks;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Tests.Hooks;

/// <summary>Our own hook side, asked as a worker asks.</summary>
public sealed class HookTests(AppRig app)
{
    [Fact(DisplayName = "F2, F4: connect names the SIP identity and says what no browser may see")]
    public async Task Connect_NamesTheIdentity()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync();

        var answer = await AskAsync("connect", new JsonObject { ["sessionId"] = "s1", ["origin"] = AppRig.Origin, ["authToken"] = token, ["sipLogin"] = "somebody-else" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("101", domain.Name, "s1"), (Text(answer, "sipLogin"), Text(answer, "sipDomain"), Text(answer, "sessionId")));
        Assert.False(answer.Json.TryGetProperty("authToken", out _));
        var call = answer.Json.GetProperty("restClientConfig").GetProperty("call");
        Assert.Equal(("FAIL", "OVERWRITE"), (call.GetProperty("restOnError").GetString(), call.GetProperty("restPolicy").GetString()));
        Assert.All(answer.Json.GetProperty("restClientConfig").EnumerateObject(), rule =>
            Assert.All(new[] { "sipLogin", "sipPassword", "sipAuthenticationName", "sipDomain", "sipOutboundProxy", "callee" },
                secret => Assert.Contains(secret, rule.Value.GetProperty("clientExclude").GetString()!.Split(','))));
    }

    [Theory(DisplayName = "F3: an origin is one of the domain's as a whole, or it is refused")]
    [InlineData("https://crm.example.com", null)]
    [InlineData(null, null)]
    [InlineData("https://crm.example.com.evil.example", "origin-not-allowed")]
    [InlineData("https://evil.example/?https://crm.example.com", "origin-not-allowed")]
    [InlineData("http://crm.example.com", "origin-not-allowed")]
    [InlineData("https://crm.example.com:8443", "origin-not-allowed")]
    [InlineData("null", "origin-not-allowed")]
    public async Task Origin_IsComparedAsAWhole(string? origin, string? reason)
    {
        var answer = await AskAsync("connect", new JsonObject { ["sessionId"] = "s1", ["origin"] = origin, ["authToken"] = await app.NewDomain().TokenAsync() });

        if (reason is null) Assert.Equal(HttpStatusCode.OK, answer.Status);
        else answer.IsProblem(HttpStatusCode.Forbidden, reason);
    }

    [Fact(DisplayName = "F2: a token that is missing, forged, or for another origin does not connect")]
    public async Task BadToken_DoesNotConnect()
    {
        var bound = await app.NewDomain().TokenAsync(new { user = "101", origin = "https://other.example.com" });

        (await AskAsync("connect", new JsonObject { ["sessionId"] = "s1" })).IsProblem(HttpStatusCode.Unauthorized, "credentials-missing");
        (await AskAsync("connect", new JsonObject { ["authToken"] = "a.b.c" })).IsProblem(HttpStatusCode.Unauthorized, "token-malformed");
        (await AskAsync("connect", new JsonObject { ["authToken"] = bound[..^8] + "AAAAAAAA" })).IsProblem(HttpStatusCode.Unauthorized, "token-invalid");
        (await AskAsync("connect", new JsonObject { ["authToken"] = bound, ["origin"] = AppRig.Origin })).IsProblem(HttpStatusCode.Forbidden, "token-wrong-origin");
    }

    [Theory(DisplayName = "F2, F4: call puts the real callee in the place of what the page said")]
    [InlineData("sales", "+12025550142", "+12025550199")]
    [InlineData("102", "102", "101")]
    [InlineData("echo", "echo", "101")]
    [InlineData("(202) 555-0143", "+12025550143", "+12025550199")]
    [InlineData("tel:+1-202-555-0144", "+12025550144", "+12025550199")]
    public async Task Call_NamesTheRealCalleeAndTheCallerAsItIsSeenThere(string said, string callee, string caller)
    {
        var domain = app.Special("browser.test");
        var call = Call(domain, said);
        call["caller"] = "101";

        var answer = await AskAsync("call", call);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((callee, caller), (Text(answer, "callee"), Text(answer, "caller")));
        Assert.Equal(14400, answer.Json.GetProperty("maxDurationSeconds").GetInt32());
        Assert.All(new[] { "tokenId", "tokenExpires", "clientAddress" }, name => Assert.False(answer.Json.TryGetProperty(name, out _)));
    }

    [Theory(DisplayName = "B1, B2: the guard holds for browsers too")]
    [InlineData("+19005550100", null, "destination-premium", 403)]
    [InlineData("+493012345678", null, "destination-international", 403)]
    [InlineData("nobody here", null, "destination-invalid", 400)]
    [InlineData("+12025550142", "102", "token-destination-not-covered", 403)]
    [InlineData("+12025550142", "sales", "token-destination-not-covered", 403)]
    [InlineData("sales", "sales", null, 200)]
    [InlineData("sales", "+1202*", null, 200)]
    [InlineData("sales", "+1303*", "token-destination-not-covered", 403)]
    public async Task Call_PassesTheGuard(string said, string? covered, string? reason, int status)
    {
        var call = Call(app.Special("browser.test"), said);
        if (covered is not null) call["tokenDestinations"] = new JsonArray(covered);

        var answer = await AskAsync("call", call);

        if (reason is null) Assert.Equal(status, (int)answer.Status);
        else Assert.Equal((status, reason), ((int)answer.Status, Text(answer, "reason")));
    }

    [Fact(DisplayName = "B2: a token is good for its calls, and a call asked about twice is one")]
    public async Task Token_IsSpentByCalls()
    {
        var call = Call(app.Special("browser.test"), "echo");
        var second = (JsonObject)call.DeepClone();
        second["callId"] = "second-" + TestDomain.NewKey();

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("call", call)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("call", call)).Status);
        (await AskAsync("call", second)).IsProblem(HttpStatusCode.Forbidden, "token-spent");
        second["tokenExpires"] = 1;
        (await AskAsync("call", second)).IsProblem(HttpStatusCode.Unauthorized, "token-expired");
    }

    [Fact(DisplayName = "B1: a browser's calls count as under way until the worker has told their end")]
    public async Task CallsAtOnce_IncludeThoseOfBrowsers()
    {
        var domain = app.Special("browserbusy.test");
        var first = Call(domain, "echo");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("call", first)).Status);
        (await AskAsync("call", Call(domain, "echo"))).IsProblem(HttpStatusCode.TooManyRequests, "user-concurrent-limit");

        var id = CallId.Parse(first["callId"]!.GetValue<string>());
        await domain.TellAsync(domain.Ended(id, 1));
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("call", Call(domain, "echo"))).Status);
    }

    [Fact(DisplayName = "B1: a browser cannot transfer to where it may not call")]
    public async Task Transfer_PassesTheGuard()
    {
        var call = Call(app.Special("browser.test"), "echo");
        call["target"] = "+19005550100";
        (await AskAsync("transfer", call)).IsProblem(HttpStatusCode.Forbidden, "destination-premium");

        call["target"] = "sales";
        Assert.Equal("+12025550142", Text(await AskAsync("transfer", call), "target"));
    }

    [Fact(DisplayName = "B1, B2: a transfer counts as a call, and takes one of the token's")]
    public async Task Transfer_IsCounted()
    {
        var call = Call(app.Special("transfers.test"), "echo");
        call["target"] = "milliwatt";
        call["attempt"] = 2;

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("transfer", call)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("transfer", call)).Status);
        call["attempt"] = 3;
        (await AskAsync("transfer", call)).IsProblem(HttpStatusCode.TooManyRequests, "user-concurrent-limit");
        call["domain"] = app.Special("browser.test").Name;
        call["tokenId"] = "t-" + TestDomain.NewKey();
        call["callId"] = "browser-" + TestDomain.NewKey();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("transfer", call)).Status);
        call["attempt"] = 4;
        (await AskAsync("transfer", call)).IsProblem(HttpStatusCode.Forbidden, "token-spent");
        foreach (var attempt in new JsonNode?[] { 0, 1001, "2" })
        {
            call["attempt"] = attempt;
            (await AskAsync("transfer", call)).IsProblem(HttpStatusCode.BadRequest, "field-invalid", "callId");
        }
    }

    [Theory(DisplayName = "B1: the guard holds for what phones dial by SIP")]
    [InlineData("phones.test", "+12025550142", "101", null, 200)]
    [InlineData("phones.test", "+19005550100", "101", "destination-premium", 403)]
    [InlineData("phones.test", "+493012345678", "101", "destination-international", 403)]
    [InlineData("phones.test", "102", "101", "destination-invalid", 400)]
    [InlineData("phones.test", "+12025550142", "999", "user-unknown", 404)]
    [InlineData("nowhere.test", "+12025550142", "101", "domain-not-allowed", 403)]
    [InlineData("closed.test", "+12025550142", "101", "outside-hours", 403)]
    public async Task Phone_PassesTheGuard(string domain, string callee, string user, string? reason, int status)
    {
        app.Special("phones.test");
        var answer = await AskAsync("dial", Dial(domain, callee, user));

        if (reason is null) Assert.Equal((status, 14400), ((int)answer.Status, answer.Json.GetProperty("maxDurationSeconds").GetInt32()));
        else Assert.Equal((status, reason), ((int)answer.Status, Text(answer, "reason")));
    }

    [Theory(DisplayName = "B1: of many who want the last places at once no more get one than there are, by user, by address and by destination")]
    [InlineData("raceuser.test", "user-rate-limited")]
    [InlineData("raceaddress.test", "address-daily-limit")]
    [InlineData("racenumber.test", "destination-hourly-limit")]
    public async Task LastPlaces_AreTakenOnce(string name, string rule)
    {
        var domain = app.Special(name).Name;

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AskAsync("dial", Dial(domain, "+12025550100", "101"))));

        Assert.Equal(2, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.IsProblem(HttpStatusCode.TooManyRequests, rule));
    }

    [Fact(DisplayName = "B1: calls of phones, of pages and of the API count together, by user and by destination; phones have an address limit of their own")]
    public async Task Ways_CountTogether()
    {
        var domain = app.Special("ways.test");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call("+12025550100"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("call", Call(domain, "echo"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("dial", Dial(domain.Name, "+12025550100", "101"))).Status);

        (await AskAsync("dial", Dial(domain.Name, "+12025550101", "101"))).IsProblem(HttpStatusCode.TooManyRequests, "user-hourly-limit");
        (await AskAsync("dial", Dial(domain.Name, "+12025550100", "102"))).IsProblem(HttpStatusCode.TooManyRequests, "destination-hourly-limit");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("dial", Dial(domain.Name, "+12025550101", "102"))).Status);
        (await AskAsync("dial", Dial(domain.Name, "+12025550102", "102"))).IsProblem(HttpStatusCode.TooManyRequests, "address-hourly-limit");
    }

    [Fact(DisplayName = "F2: incoming calls, direct invocations and events are answered; other methods are not")]
    public async Task OtherMethods_AreAnswered()
    {
        var domain = app.NewDomain();
        var incoming = new JsonObject { ["domain"] = domain.Name, ["user"] = "101", ["incoming"] = true, ["caller"] = "+12025550111" };

        Assert.Equal("+12025550111", Text(await AskAsync("OnCallEvent", incoming), "caller"));
        incoming["user"] = "999";
        (await AskAsync("OnCallEvent", incoming)).IsProblem(HttpStatusCode.NotFound, "user-unknown");
        Assert.Equal("x", Text(await AskAsync("hold", new JsonObject { ["callId"] = "x" }), "callId"));
        Assert.Equal("{}", (await AskAsync("CallStatusEvent", new JsonObject { ["status"] = "FINISH" })).Body);
        (await AskAsync("nonsense", [])).IsProblem(HttpStatusCode.NotFound, "hook-unknown");
    }

    [Fact(DisplayName = "F8: only what is signed, here and now, with our key, is answered")]
    public async Task Signature_IsAsked()
    {
        var body = Encoding.UTF8.GetBytes("""{"status":"FINISH"}""");
        var now = app.Clock.GetUtcNow();

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(body, r => Sign(r, body, now))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(body, r => r.Headers.TryAddWithoutValidation("Authorization", HookSignature.SignWcs(AppRig.WcsKey, body)))).Status);
        foreach (var with in new Action<HttpRequestMessage>[]
        {
            _ => { },
            r => Sign(r, body, now.AddMinutes(-6)),
            r => Sign(r, [.. body, (byte)' '], now),
            r => Sign(r, body, now, "whsec_YWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWI="),
            r => r.Headers.TryAddWithoutValidation("Authorization", HookSignature.SignWcs("another key of sixteen", body)),
            r => r.Headers.TryAddWithoutValidation("Authorization", "WCS 00"),
        })
            (await PostAsync(body, with)).IsProblem(HttpStatusCode.Forbidden, "hook-signature-invalid");
    }

    private static JsonObject Call(TestDomain domain, string callee) => new()
    {
        ["sessionId"] = "s1",
        ["callId"] = "browser-" + TestDomain.NewKey(),
        ["incoming"] = false,
        ["callee"] = callee,
        ["domain"] = domain.Name,
        ["user"] = "101",
        ["tokenId"] = "t-" + TestDomain.NewKey(),
        ["tokenExpires"] = 2_000_000_000,
        ["tokenCalls"] = 1,
        ["clientAddress"] = "203.0.113.9",
    };

    private static JsonObject Dial(string domain, string callee, string user) => new()
    {
        ["callId"] = "phone-" + TestDomain.NewKey(),
        ["callee"] = callee,
        ["domain"] = domain,
        ["user"] = user,
        ["clientAddress"] = "203.0.113.9",
    };

    private Task<Answer> AskAsync(string method, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return PostAsync(bytes, r => Sign(r, bytes, app.Clock.GetUtcNow()), method);
    }

    private async Task<Answer> PostAsync(byte[] body, Action<HttpRequestMessage> with, string method = "CallStatusEvent")
    {
        TestKit.Azure.AzuriteFixture.SkipIfMissing();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/hooks/" + method) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        with(request);
        return await Answer.ReadAsync(await app.Client.SendAsync(request));
    }

    internal static void Sign(HttpRequestMessage request, byte[] body, DateTimeOffset at, string secret = AppRig.SigningSecret)
    {
        Assert.True(StandardWebhook.TryReadSecret(secret, out var key));
        request.Headers.Add(StandardWebhook.IdHeader, "id-1");
        request.Headers.Add(StandardWebhook.TimestampHeader, at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign([key], "id-1", at, body));
    }

    private static string? Text(Answer answer, string name) => answer.Json.GetProperty(name).GetString();
}
