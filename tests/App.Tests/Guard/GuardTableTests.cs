using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClickToDial.App.Tests.Hooks;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Guard;

/// <summary>Every way of having a call made, against a rule of every kind: none leads past the guard.</summary>
public sealed partial class GuardTableTests(AppRig app)
{
    private static readonly Dictionary<string, Func<TestDomain, string, string, Task<Answer>>> Ways = new()
    {
        ["key"] = (domain, user, number) => domain.PostCallAsync(TestDomain.Call(number, user)),
        ["token"] = async (domain, user, number) => await domain.PostCallAsync(new { destination = number }, token: await domain.TokenAsync(new { user })),
        ["integration"] = IntegrateAsync,
        ["link"] = OpenAsync,
        ["page"] = (domain, user, number) => AskAsync(domain, "call", Page(domain, user, number)),
        ["transfer"] = (domain, user, number) => AskAsync(domain, "transfer", Page(domain, user, number)),
        ["phone"] = (domain, user, number) => AskAsync(domain, "dial", Phone(domain, user, number)),
    };

    // By domain: its rule, and a number that the rule refuses.
    private static readonly (string Domain, string Number, string Rule)[] Rules =
    [
        ("home.test", "+19005550100", "destination-premium"),
        ("home.test", "+493012345678", "destination-international"),
        ("denied.test", "+12025550142", "destination-denied"),
        ("closed.test", "+12025550100", "outside-hours"),
    ];

    public static TheoryData<string, string, string, string> Table()
    {
        var table = new TheoryData<string, string, string, string>();
        foreach (var way in Ways.Keys)
            foreach (var (domain, number, rule) in Rules) table.Add(way, domain, number, rule);
        return table;
    }

    [Theory(DisplayName = "B1: whichever way a call is asked for, the domain's policy refuses it and names the rule"), MemberData(nameof(Table))]
    public async Task Policy_HoldsForEveryWay(string way, string domain, string number, string rule)
    {
        var answer = await Ways[way](app.Special(domain), "101", number);

        Assert.Equal((HttpStatusCode.Forbidden, true), (answer.Status, answer.Body.Contains(rule, StringComparison.Ordinal)));
    }

    [Theory(DisplayName = "B1: whichever way a call is asked for, it counts, and the user's limit refuses the next one by any other")]
    [InlineData("key", "token")]
    [InlineData("token", "integration")]
    [InlineData("integration", "link")]
    [InlineData("link", "page")]
    [InlineData("page", "transfer")]
    [InlineData("transfer", "phone")]
    [InlineData("phone", "key")]
    public async Task Limits_HoldForEveryWay(string first, string second)
    {
        const string Number = "+12025550142";
        var (domain, user) = (app.Special("onehour.test"), "after-" + first);
        Assert.True((int)(await Ways[first](domain, user, Number)).Status is >= 200 and < 300);

        var answer = await Ways[second](domain, user, Number);

        Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.Status, answer.Body.Contains("user-hourly-limit", StringComparison.Ordinal)));
    }

    private static Task<Answer> IntegrateAsync(TestDomain domain, string user, string number) => domain.SendAsync(
        HttpMethod.Post, "/api/integration/v2/call-to-number", new { user_number = user, number_to_call = number }, with: r =>
        {
            r.Headers.Remove("X-Api-Key");
            r.Headers.Add("token", domain.Key);
        });

    // A link that could never be used is not made; else it is the page's button that meets the guard.
    private static async Task<Answer> OpenAsync(TestDomain domain, string user, string number)
    {
        var made = await domain.SendAsync(HttpMethod.Post, "/api/links", new { user, destination = number, lifetimeSeconds = 600 });
        if (made.Status != HttpStatusCode.Created) return made;
        var page = await Answer.ReadAsync(await domain.App.Client.GetAsync(made.Json.GetProperty("url").GetString()));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("t", WebUtility.HtmlDecode(Ticket().Match(page.Body).Groups[1].Value))]);
        return await Answer.ReadAsync(await domain.App.Client.PostAsync("/dial", form));
    }

    private static JsonObject Page(TestDomain domain, string user, string number) => new()
    {
        ["sessionId"] = "s1",
        ["callId"] = "browser-" + TestDomain.NewKey(),
        ["incoming"] = false,
        ["callee"] = number,
        ["target"] = number,
        ["domain"] = domain.Name,
        ["user"] = user,
        ["tokenId"] = "t-" + TestDomain.NewKey(),
        ["tokenExpires"] = 2_000_000_000,
        ["tokenCalls"] = 1,
        ["clientAddress"] = "203.0.113.9",
    };

    private static JsonObject Phone(TestDomain domain, string user, string number) => new()
    {
        ["callId"] = "phone-" + TestDomain.NewKey(),
        ["callee"] = number,
        ["domain"] = domain.Name,
        ["user"] = user,
        ["clientAddress"] = "203.0.113.9",
    };

    private static async Task<Answer> AskAsync(TestDomain domain, string method, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/hooks/" + method) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HookTests.Sign(request, bytes, domain.App.Clock.GetUtcNow());
        return await Answer.ReadAsync(await domain.App.Client.SendAsync(request));
    }

    [GeneratedRegex("name=\"t\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();
}
