using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Links;

/// <summary>Dial links, as those who open them meet them.</summary>
public sealed partial class LinkTests(ClockRig rig) : IClassFixture<ClockRig>
{
    private readonly AppRig _app = rig.App;

    [Fact(DisplayName = "V1: a link without credentials asks for them; the account name carries the domain")]
    public async Task Challenge_AsksAndTakesTheAccount()
    {
        const string Link = "/remote_call.htm?user=101&dest=echo";

        var asked = await OpenAsync(Link);
        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (asked.Status, asked.ContentType));
        Assert.StartsWith("Basic realm=", asked.Header("WWW-Authenticate"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync(Link, Basic("101", AppRig.LinkPassword))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync(Link, Basic("101@links.test", "wrong"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync(Link, Basic("102@links.test", AppRig.LinkPassword))).Status);
        var page = await OpenAsync(Link, Basic("101@links.test", AppRig.LinkPassword));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Calling echo", Title(await PressAsync(page)));
    }

    [Theory(DisplayName = "V2, V4: hashed links in the documented forms, and as old clients write them")]
    [InlineData("user={user}&extension=true&dest={dest}&time={time}&duration=60&auth={hash}", true, true)]
    [InlineData("user={user}&extension=true&dest={dest}&time={time}&duration=60&;auth={hash}", true, true)]
    [InlineData("user={user}&extension=true&dest={dest}&time={time}&duration=60&auth={HASH}&connect=true", true, false)]
    [InlineData("user={user}&amp;extension=true&amp;dest={dest}&amp;time={time}&amp;auth={hash}", false, true)]
    [InlineData("user={user}&dest={dest}&time={time}&auth={hash}&connect=true&src=crm", false, false)]
    public async Task Hash_PlacesTheCall(string form, bool hasDuration, bool prompt)
    {
        var before = Dialled("links.test").Count;
        var page = await OpenAsync("/remote_call.htm?" + Fill(form, "101@links.test", "echo", hasDuration));
        Assert.Equal((HttpStatusCode.OK, "Call echo?"), (page.Status, Title(page)));
        Assert.Equal(before, Dialled("links.test").Count);

        Assert.Equal("Calling echo", Title(await PressAsync(page)));
        Assert.Contains(Dialled("links.test").Skip(before), c => c.User == "101" && c.Destination == "echo" && c.Prompt == prompt);
    }

    [Fact(DisplayName = "B2: a hash is spent once within its time, by whichever page")]
    public async Task Hash_IsSpentOnce()
    {
        var link = "/remote_call.htm?" + Fill("user={user}&extension=true&dest={dest}&time={time}&duration=3600&auth={hash}", "102@links.test", "milliwatt", duration: "3600");
        var (first, second) = (await OpenAsync(link), await OpenAsync(link));
        var before = Dialled("links.test").Count(c => c.Destination == "milliwatt");

        Assert.Equal("Calling milliwatt", Title(await PressAsync(first)));
        Assert.Equal("Calling milliwatt", Title(await PressAsync(second)));
        _app.Clock.PutForward(TimeSpan.FromSeconds(31));

        var late = await PressAsync(await OpenAsync(link));
        Assert.Equal(HttpStatusCode.Gone, late.Status);
        Assert.Contains("link-used", late.Body);
        Assert.Equal(before + 1, Dialled("links.test").Count(c => c.Destination == "milliwatt"));
    }

    [Fact(DisplayName = "V2, V4: a domain may let links dial when they are opened, and be used again")]
    public async Task OldClients_DialByOpening()
    {
        var link = "/remote_call.htm?" + Fill("user={user}&extension=true&dest={dest}&time={time}&duration=60&auth={hash}", "101@linksold.test", "echo");

        Assert.Equal("Calling echo", Title(await OpenAsync(link)));
        Assert.Equal("Calling echo", Title(await OpenAsync(link)));
        Assert.Equal("Call echo?", Title(await OpenAsync(link, r => r.Headers.Add("Sec-Purpose", "prefetch"))));
        Assert.Equal(2, Dialled("linksold.test").Count(c => c.Destination == "echo"));
    }

    [Theory(DisplayName = "V1, V2: another page cannot have a browser dial by opening a link")]
    [InlineData("cross-site", "document", "Call")]
    [InlineData("cross-site", "image", "Call")]
    [InlineData("same-origin", "iframe", "Call")]
    [InlineData("none", "image", "Call")]
    [InlineData("none", "document", "Calling")]
    public async Task OtherPages_DoNotDial(string site, string destination, string expected)
    {
        var page = await OpenAsync("/remote_call.htm?" + Fill("user={user}&extension=true&dest={dest}&time={time}&duration=60&auth={hash}", "101@linksold.test", "busy"), r =>
        {
            r.Headers.Add("Sec-Fetch-Site", site);
            r.Headers.Add("Sec-Fetch-Dest", destination);
        });

        Assert.Equal(expected, Title(page).Split(' ')[0]);
    }

    [Fact(DisplayName = "V1: a kept password dials nothing by opening, for nothing signs the destination")]
    public async Task Challenge_DoesNotDialByOpening() =>
        Assert.Equal("Call busy?", Title(await OpenAsync("/remote_call.htm?user=101&dest=busy", Basic("101@linksold.test", AppRig.LinkPassword))));

    [Fact(DisplayName = "V4: a machine that means it says so and needs no page")]
    public async Task Machine_DialsByOpening()
    {
        var link = "/remote_call.htm?" + Fill("user={user}&extension=true&dest={dest}&time={time}&duration=61&auth={hash}", "101@links.test", "no-answer", duration: "61");

        Assert.Equal("Calling no-answer", Title(await OpenAsync(link, r => r.Headers.Add("Prefer", "dial"))));
        Assert.Contains(Dialled("links.test"), c => c.Destination == "no-answer");
    }

    [Theory(DisplayName = "V3: links with the password in them, in base64 or percent-encoded")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Password_PlacesTheCall(bool inBase64)
    {
        const string Plain = "101@links.test:" + AppRig.LinkPassword;
        var auth = Uri.EscapeDataString(inBase64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Plain)) : Plain);

        var page = await OpenAsync($"/remote_call.htm?user=101&dest=sales&auth={auth}");

        Assert.Equal("Call sales?", Title(page));
        Assert.DoesNotContain("2025550142", page.Body);
        Assert.Equal("Calling sales", Title(await PressAsync(page)));
        Assert.Contains(Dialled("links.test"), c => c.Destination == "+12025550142");
    }

    [Theory(DisplayName = "V1 to V3: each failure is a plain page with its status")]
    [InlineData("", 400, "link-invalid")]
    [InlineData("user=101@links.test", 400, "link-invalid")]
    [InlineData("user=101@nowhere.test&extension=true&dest=echo&time={time}&duration=60&auth={hash}", 403, "link-credentials-wrong")]
    [InlineData("user=103@links.test&extension=true&dest=echo&time={time}&duration=60&auth={hash}", 403, "link-credentials-wrong")]
    [InlineData("user={user}&extension=true&dest=busy&time={time}&duration=60&auth={hash}", 403, "link-credentials-wrong")]
    [InlineData("user={user}&extension=true&dest={dest}&time={old}&duration=60&auth={oldhash}", 410, "link-expired")]
    [InlineData("user={user}&extension=true&dest={dest}&time={new}&duration=60&auth={newhash}", 400, "link-invalid")]
    [InlineData("user=101@links.test&dest=echo&auth=MTAxOndyb25n", 403, "link-credentials-wrong")]
    [InlineData("user=101@links.test&dest=echo&auth=nonsense", 400, "link-invalid")]
    [InlineData("user=101@linksoff.test&dest=echo&auth=MTAxOndyb25n", 403, "link-form-not-taken")]
    [InlineData("user=101@linksoff.test&extension=true&dest=echo&time={time}&duration=60&auth={hash}", 403, "link-form-not-taken")]
    public async Task Failure_IsAPage(string form, int status, string reason)
    {
        var page = await OpenAsync("/remote_call.htm?" + Fill(form, "101@links.test", "echo"), r => r.Headers.Add("X-Forwarded-For", $"198.51.100.{Random.Shared.Next(1, 250)}"));

        Assert.Equal((status, "text/html"), ((int)page.Status, page.ContentType));
        Assert.Contains(reason, page.Body);
    }

    [Fact(DisplayName = "B1: links pass the guard, and the page says which rule refused")]
    public async Task Guard_HoldsForLinks()
    {
        var page = await OpenAsync("/remote_call.htm?" + Fill("user={user}&extension=true&dest={dest}&time={time}&duration=62&auth={hash}", "101@links.test", "+19005550100", duration: "62"));
        var pressed = await PressAsync(page);

        Assert.Equal(HttpStatusCode.Forbidden, pressed.Status);
        Assert.Contains("destination-premium", pressed.Body);
    }

    [Fact(DisplayName = "V1: whoever guesses passwords is slowed down")]
    public async Task Guessing_IsSlowedDown()
    {
        Action<HttpRequestMessage> from = r => r.Headers.Add("X-Forwarded-For", "198.51.100.251");
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Forbidden, (await OpenAsync($"/remote_call.htm?user=102@links.test&dest=echo&auth=102:guess{i}", from)).Status);

        var right = $"/remote_call.htm?user=102@links.test&dest=echo&auth={Uri.EscapeDataString("102:" + AppRig.LinkPassword)}";
        Assert.Equal(HttpStatusCode.TooManyRequests, (await OpenAsync(right, from)).Status);
        Assert.Equal(HttpStatusCode.OK, (await OpenAsync(right, r => r.Headers.Add("X-Forwarded-For", "198.51.100.252"))).Status);
    }

    [Fact(DisplayName = "B2: a link of our own is for one user, one destination, one call and a time")]
    public async Task OwnLink_IsUsedOnce()
    {
        var domain = _app.Special("links.test");
        var made = await domain.SendAsync(HttpMethod.Post, "/api/links", new { user = "101", destination = "sales", lifetimeSeconds = 600, connect = true });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var url = made.Json.GetProperty("url").GetString()!;
        var before = Dialled("links.test").Count;

        var page = await OpenAsync(url);
        Assert.Equal("Call sales?", Title(page));
        Assert.Equal(before, Dialled("links.test").Count);
        var presses = await Task.WhenAll(PressAsync(page), PressAsync(page), PressAsync(await OpenAsync(url)));
        Assert.All(presses, p => Assert.Equal("Calling sales", Title(p)));
        Assert.Single(Dialled("links.test").Skip(before), c => c.Destination == "+12025550142" && !c.Prompt);

        _app.Clock.PutForward(TimeSpan.FromSeconds(60));
        Assert.Contains("link-used", (await PressAsync(page)).Body);
        _app.Clock.PutForward(TimeSpan.FromSeconds(600));
        Assert.Contains("link-expired", (await PressAsync(page)).Body);
        Assert.Contains("link-expired", (await OpenAsync(url)).Body);
        Assert.Contains("link-invalid", (await OpenAsync(url[..^4] + "AAAA")).Body);
    }

    [Theory(DisplayName = "B2: a link that could not be used is not made")]
    [InlineData("""{"user":"999","destination":"echo"}""", 404, "user-unknown", "user")]
    [InlineData("""{"user":"101","destination":"nobody at all"}""", 400, "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"+19005550100"}""", 403, "destination-premium", "destination")]
    [InlineData("""{"user":"101","destination":"echo","lifetimeSeconds":9}""", 400, "field-out-of-range", "lifetimeSeconds")]
    [InlineData("""{"user":"101","destination":"echo","domain":"other.test"}""", 403, "domain-not-allowed", null)]
    public async Task OwnLink_IsChecked(string body, int status, string reason, string? field) =>
        (await _app.Special("links.test").SendAsync(HttpMethod.Post, "/api/links", body)).IsProblem((HttpStatusCode)status, reason, field);

    [Fact(DisplayName = "V1: pages fetch nothing from elsewhere, run nothing of others, and escape what they show")]
    public async Task Pages_AreStrict()
    {
        var page = await OpenAsync("/remote_call.htm?user=101&dest=%3Cimg%20src%3Dx%3E", Basic("101@links.test", AppRig.LinkPassword));

        Assert.DoesNotContain("<img", page.Body);
        Assert.DoesNotContain("http", page.Body);
        Assert.DoesNotContain("<script", page.Body);
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$", page.Header("Content-Security-Policy"));
        Assert.Equal(("no-referrer", "nosniff"), (page.Header("Referrer-Policy"), page.Header("X-Content-Type-Options")));
        Assert.Contains("<html lang=\"en\">", page.Body);
    }

    [Fact(DisplayName = "V1: for a user who is signed in the page sends itself")]
    public async Task SignedInUser_PressesNothing()
    {
        var domain = _app.Special("links.test");
        var url = (await domain.SendAsync(HttpMethod.Post, "/api/links", new { user = "101", destination = "echo" })).Json.GetProperty("url").GetString()!;
        var (own, other) = (await domain.TokenAsync(), await domain.TokenAsync(new { user = "102" }));

        Assert.Contains("<script>document.forms[0].submit()</script>", (await OpenAsync(url, r => r.Headers.Add("Cookie", "session=" + own))).Body);
        Assert.DoesNotContain("<script", (await OpenAsync(url, r => r.Headers.Add("Cookie", "session=" + other))).Body);
        Assert.DoesNotContain("<script", (await OpenAsync(url + "&session=" + own)).Body);
    }

    private static readonly ConcurrentDictionary<long, bool> Times = new();

    private string Fill(string form, string user, string destination, bool hasDuration = true, string? duration = null)
    {
        // A second of its own for each link: the same hash would be the same link.
        var now = _app.Clock.GetUtcNow().ToUnixTimeSeconds();
        while (!Times.TryAdd(now, true)) now--;
        string Hash(long time) => Md5($"{user}{AppRig.LinkPassword}{destination}{time}{(hasDuration ? duration ?? "60" : "")}");
        var (old, late) = (now - 200, now + 1000);
        return form.Replace("{user}", Uri.EscapeDataString(user)).Replace("{dest}", Uri.EscapeDataString(destination))
            .Replace("{time}", $"{now}").Replace("{hash}", Hash(now)).Replace("{HASH}", Hash(now).ToUpperInvariant())
            .Replace("{old}", $"{old}").Replace("{oldhash}", Hash(old)).Replace("{new}", $"{late}").Replace("{newhash}", Hash(late));
    }

    private async Task<Answer> OpenAsync(string url, Action<HttpRequestMessage>? with = null)
    {
        _app.Special("links.test");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        with?.Invoke(request);
        return await Answer.ReadAsync(await _app.Client.SendAsync(request));
    }

    private async Task<Answer> PressAsync(Answer page)
    {
        var ticket = Ticket().Match(page.Body).Groups[1].Value;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("t", WebUtility.HtmlDecode(ticket))]);
        return await Answer.ReadAsync(await _app.Client.PostAsync("/dial", form));
    }

    private List<Contracts.Control.OriginateCommand> Dialled(string domain) => [.. _app.Worker.Dialled.Snapshot().Select(d => d.Command).Where(c => c.Domain == domain)];

    private static Action<HttpRequestMessage> Basic(string account, string password) => r =>
        r.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{password}")));

    private static string Title(Answer page) => WebUtility.HtmlDecode(TitleText().Match(page.Body).Groups[1].Value);

#pragma warning disable CA5351 // Their form.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("name=\"t\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();

    [GeneratedRegex("<title>([^<]*)</title>")]
    private static partial Regex TitleText();
}
