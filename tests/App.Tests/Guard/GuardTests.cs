using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Guard;

/// <summary>The guard against toll fraud, as whoever calls meets it.</summary>
public sealed class GuardTests(AppRig app)
{
    [Theory(DisplayName = "B1: without a policy, premium numbers and other countries are refused, each with its rule")]
    [InlineData("+12025550100", null)]
    [InlineData("+19005550100", "destination-premium")]
    [InlineData("+18765550100", "destination-international")]
    [InlineData("+493012345678", "destination-international")]
    public async Task Default_RefusesPremiumAndInternational(string number, string? rule)
    {
        var answer = await app.Special("home.test").PostCallAsync(TestDomain.Call(number));

        if (rule is null) Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        else answer.IsProblem(HttpStatusCode.Forbidden, rule);
    }

    [Fact(DisplayName = "B1: outside the domain's hours numbers are refused, users are not")]
    public async Task OutsideHours_OnlyUsersAreCalled()
    {
        var domain = app.Special("closed.test");

        (await domain.PostCallAsync(TestDomain.Call("+12025550100"))).IsProblem(HttpStatusCode.Forbidden, "outside-hours");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call("echo"))).Status);
    }

    [Fact(DisplayName = "B1: calls under way are capped, and one that has ended makes room")]
    public async Task CallsAtOnce_AreCapped()
    {
        var domain = app.Special("atonce.test");
        var first = await domain.PlaceAsync();
        await domain.PlaceAsync();

        (await domain.PostCallAsync()).IsProblem(HttpStatusCode.TooManyRequests, "user-concurrent-limit");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call(user: "102"))).Status);
        await domain.TellAsync(domain.Ended(first, 1));
        await domain.UntilAsync(first, c => c.GetProperty("state").GetString() == "ended", "the first call has ended");
        var room = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => domain.PostCallAsync()));

        Assert.Single(room, a => a.Status == HttpStatusCode.Accepted);
        Assert.All(room.Where(a => a.Status != HttpStatusCode.Accepted), a => a.IsProblem(HttpStatusCode.TooManyRequests, "user-concurrent-limit"));
    }

    [Fact(DisplayName = "B1: source addresses of token holders and numbers outside are capped apart from users")]
    public async Task AddressesAndDestinations_AreCapped()
    {
        var domain = app.Special("places.test");

        Assert.Equal(HttpStatusCode.Accepted, (await FromAsync("203.0.113.7", "101", "echo")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await FromAsync("203.0.113.7", "102", "echo")).Status);
        var refused = await FromAsync("203.0.113.7", "102", "+12025550100");
        refused.IsProblem(HttpStatusCode.TooManyRequests, "address-hourly-limit");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.Accepted, (await FromAsync("2001:db8:0:1::1", "102", "+12025550100")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await FromAsync("2001:db8:0:1::2", "102", "+12025550100")).Status);
        (await FromAsync("2001:db8:0:1::3", "102", "echo")).IsProblem(HttpStatusCode.TooManyRequests, "address-hourly-limit");

        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call("+12025550100"))).Status);
        (await domain.PostCallAsync(TestDomain.Call("+12025550100"))).IsProblem(HttpStatusCode.TooManyRequests, "destination-daily-limit");
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call("+12025550101"))).Status);

        async Task<Answer> FromAsync(string address, string user, string destination)
        {
            var token = await domain.TokenAsync(new { user });
            return await domain.SendAsync(HttpMethod.Post, "/api/calls", new { destination }, token, r =>
            {
                r.Headers.Add("Idempotency-Key", TestDomain.NewKey());
                r.Headers.Add("X-Forwarded-For", address);
            });
        }
    }

    [Fact(DisplayName = "B1: the operator is told of a cap, once in its span")]
    public async Task Cap_IsToldToTheOperatorOnce()
    {
        var domain = app.Special("busy.test");
        for (var i = 0; i < 3; i++) await domain.PlaceAsync();

        for (var i = 0; i < 3; i++) (await domain.PostCallAsync()).IsProblem(HttpStatusCode.TooManyRequests, "user-rate-limited");

        var told = (await domain.AdminAsync(HttpMethod.Get, "/api/guard/events")).Json.GetProperty("events").EnumerateArray().Single();
        Assert.Equal(("101", "user-rate-limited"), (told.GetProperty("user").GetString(), told.GetProperty("rule").GetString()));
        Assert.Contains(app.Logs.Snapshot(), l => l.Id == 1200 && l.Text.Contains("busy.test", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "B1: what a device may dial by itself is told to the worker by the same policy")]
    public async Task Worker_IsToldTheSamePolicy()
    {
        app.Special("atonce.test");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/directory");
        request.Headers.Authorization = new("Bearer", AppRig.WorkerToken);
        var snapshot = (await Answer.ReadAsync(await app.Client.SendAsync(request))).Json;
        var policy = snapshot.GetProperty("domains").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "atonce.test").GetProperty("policy");

        Assert.Equal(["+1"], policy.GetProperty("allow").EnumerateArray().Select(p => p.GetString()));
        Assert.Contains("+1900", policy.GetProperty("deny").EnumerateArray().Select(p => p.GetString()));
        Assert.Contains("+1876", policy.GetProperty("deny").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(2, policy.GetProperty("maxConcurrentCallsPerUser").GetInt32());
    }
}
