using System.Net;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Calls;

public sealed class CallLogTests(AppRig app)
{
    [Fact]
    public async Task Pages_GoFromNewestToOldestWithoutGapOrRepeat()
    {
        var domain = app.NewDomain();
        var ids = await FillAsync(domain, 7);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await domain.GetAsync($"/api/calls?limit=3&cursor={cursor}");
            seen.AddRange(Ids(page));
            cursor = page.Json.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact(DisplayName = "P5: the call log as CSV has a line for each call, and a header with the cursor of the next page")]
    public async Task Csv_ShowsEachCallAndGoesOn()
    {
        var domain = app.NewDomain();
        var ids = await FillAsync(domain, 5);

        var first = await domain.GetAsync("/api/calls?format=csv&limit=3");
        var second = await domain.GetAsync($"/api/calls?format=csv&limit=3&cursor={first.Header("Next-Cursor")}");

        Assert.Equal(("text/csv", "text/csv", (string?)null), (first.ContentType, second.ContentType, second.Header("Next-Cursor")));
        Assert.StartsWith("id,state,direction,user,destination,", first.Body);
        var lines = Lines(first).Concat(Lines(second)).ToList();
        Assert.Equal(ids.AsEnumerable().Reverse(), lines.Select(l => l[0]));
        Assert.Equal(("ended", "outbound", "101", "echo", "busy"), (lines[1][1], lines[1][2], lines[1][3], lines[1][4], lines[1][12]));
    }

    [Fact]
    public async Task Filters_AreKeptTo()
    {
        var domain = app.NewDomain();
        var start = app.Clock.GetUtcNow();
        var ids = await FillAsync(domain, 6);

        Assert.Equal([ids[4], ids[1]], Ids(await domain.GetAsync("/api/calls?user=102")));
        Assert.Equal([ids[3], ids[0]], Ids(await domain.GetAsync("/api/calls?state=ended&result=busy&user=101")));
        Assert.Equal([ids[5], ids[1]], Ids(await domain.GetAsync("/api/calls?state=requested")));
        Assert.Equal([ids[3], ids[2]], Ids(await domain.GetAsync($"/api/calls?from={Time(start.AddSeconds(2))}&to={Time(start.AddSeconds(4))}")));
        Assert.Empty(Ids(await domain.GetAsync("/api/calls?user=nobody")));
    }

    [Fact(DisplayName = "F6: a page learns no destination that it did not ask for: neither what an alias stands for, nor what a back end put in its place")]
    public async Task WhatAPageDidNotAskFor_ItDoesNotLearn()
    {
        const string number = "+12025550142";
        var reader = app.Services.GetRequiredService<CallReader>();
        var start = app.Clock.GetUtcNow();
        var row = new CallRecord
        {
            CallId = CallIds.New(start, new Hosting.SequenceRandom((int)start.Ticks)),
            Domain = "browser.test",
            Direction = CallDirection.Outbound,
            User = "101",
            Destination = number,
            RequestedAt = start,
        };
        Assert.True(await app.Services.GetRequiredService<ICallStore>().TryAddAsync(row, CancellationToken.None));

        Assert.Equal(number, await SeenAsync([number]));
        Assert.Equal(number, await SeenAsync(["+1*"]));
        Assert.Equal("sales", await SeenAsync(["sales"]));
        Assert.Equal("sales", await SeenAsync(null));
        Assert.Equal("", await SeenAsync(["support"]));

        async Task<string> SeenAsync(IReadOnlyList<string>? destinations)
        {
            var claims = new SessionClaims("", "", "t", row.Domain, row.User, 1, start, start, start.AddMinutes(5), null, destinations);
            var principal = Principal.Of(claims, null);
            var shown = await reader.ShowAsync(principal, row.CallId.Value, CancellationToken.None);
            var listed = await reader.ListAsync(principal, _ => null, CancellationToken.None);
            Assert.True(shown.IsOk && listed.IsOk);
            Assert.Equal(shown.Value.Destination, listed.Value.Calls.Single(c => c.Id == row.CallId).Destination);
            return shown.Value.Destination;
        }
    }

    [Fact(DisplayName = "F4: whom a back end has called in the place of what the page asked for, the page is not told, and the operator is")]
    public async Task WhatIsCalledInItsPlace_ThePageDoesNotLearn()
    {
        const string number = "+12025550143";
        var domain = app.NewDomain();
        var id = CallIds.New(app.Clock.GetUtcNow(), new Hosting.SequenceRandom(143));
        var ended = domain.Ended(id, 1);
        LegSummary[] legs =
        [
            new("l1", LegRole.User, "101-desk"), new("l2", LegRole.Destination, "102-desk"), new("l3", LegRole.User, "103-desk", Replaces: "l1"),
        ];
        await domain.TellAsync(ended with { Call = ended.Call with { Destination = number, Asked = "hotline" }, Leg = legs[1], Legs = legs });
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");

        var whole = (await domain.GetAsync($"/api/calls/{id}")).Json;
        Assert.Equal((number, "hotline"), (whole.GetProperty("destination").GetString(), whole.GetProperty("asked").GetString()));
        var token = await domain.TokenAsync();
        foreach (var path in new[] { $"/api/calls/{id}", $"/api/calls/{id}/events", "/api/calls", "/api/calls?format=csv" })
        {
            var seen = (await domain.GetAsync(path, token)).Body;
            Assert.Contains("hotline", seen);
            Assert.DoesNotContain(number[1..], seen);
            Assert.DoesNotContain("102-desk", seen);
            Assert.DoesNotContain("103-desk", seen);
        }

        Assert.Contains("102-desk", (await domain.GetAsync($"/api/calls/{id}/events")).Body);
        Assert.Contains("101-desk", (await domain.GetAsync($"/api/calls/{id}", token)).Body);
    }

    [Fact]
    public async Task RareMatch_IsNotSearchedForInTheWholeLogAtOnce()
    {
        var domain = app.NewDomain();
        var store = app.Services.GetRequiredService<ICallStore>();
        var start = app.Clock.GetUtcNow();
        await Parallel.ForAsync(0, TableCallStore.MaxScanned + 20, async (i, stop) => await store.TryAddAsync(
            new CallRecord
            {
                CallId = CallIds.New(start.AddSeconds(i), new Hosting.SequenceRandom(i)),
                Domain = domain.Name,
                Direction = CallDirection.Outbound,
                User = "101",
                Destination = "echo",
                RequestedAt = start.AddSeconds(i),
                State = CallState.Ended,
                Outcome = new CallOutcome(i == 0 ? CallResult.Busy : CallResult.Answered, CallReasons.UserHungUp),
            },
            stop));

        var first = await domain.GetAsync("/api/calls?result=busy");
        Assert.Empty(Ids(first));
        var second = await domain.GetAsync($"/api/calls?result=busy&cursor={first.Json.GetProperty("next").GetString()}");

        Assert.Single(Ids(second));
        Assert.False(second.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Timeline_ShowsAPageNoNamesOfWorkersAndTrunksAndNoTargets()
    {
        const string target = "+12025550199";
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Ended(id, 1) with { Legs = [new LegSummary("d1", LegRole.Destination, Trunk: "carrier")], Transfer = new TransferSummary(target) });
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");

        var token = await domain.TokenAsync();
        Assert.Contains("carrier", (await domain.GetAsync($"/api/calls/{id}")).Body);
        var all = (await domain.GetAsync($"/api/calls/{id}/events")).Body;
        Assert.Contains("carrier", all);
        Assert.Contains("12025550199", all);
        var shown = (await domain.GetAsync($"/api/calls/{id}/events", token)).Body;

        Assert.Contains("call.ended", shown);
        Assert.DoesNotContain("carrier", shown);
        Assert.DoesNotContain("12025550199", shown);
        foreach (var path in new[] { $"/api/calls/{id}", "/api/calls", "/api/calls?format=csv" })
        {
            var seen = (await domain.GetAsync(path, token)).Body;
            Assert.Contains(id.Value, seen);
            Assert.DoesNotContain("carrier", seen);
        }

        Assert.DoesNotContain("worker-1", shown);
    }

    [Fact]
    public async Task ExactlyOnePage_HasNoNext()
    {
        var domain = app.NewDomain();
        await FillAsync(domain, 3);

        var page = await domain.GetAsync("/api/calls?limit=3");

        Assert.Equal(3, Ids(page).Count);
        Assert.False(page.Json.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("limit=0", "field-out-of-range", "limit")]
    [InlineData("limit=201", "field-out-of-range", "limit")]
    [InlineData("from=soon", "field-invalid", "from")]
    [InlineData("state=1", "field-invalid", "state")]
    [InlineData("cursor=zzzz", "cursor-invalid", "cursor")]
    public async Task BadQuery_IsRefused(string query, string reason, string field) =>
        (await app.NewDomain().GetAsync("/api/calls?" + query)).IsProblem(HttpStatusCode.BadRequest, reason, field);

    [Fact]
    public async Task OtherDomainsAndUsers_SeeNothing()
    {
        var (mine, theirs) = (app.NewDomain(), app.NewDomain());
        var id = await mine.PlaceAsync();
        var token102 = await mine.TokenAsync(new { user = "102" });

        (await theirs.GetAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        (await theirs.DeleteAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        (await mine.GetAsync($"/api/calls/{id}", token102)).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        (await mine.DeleteAsync($"/api/calls/{id}", token102)).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        (await mine.GetAsync($"/api/calls/{id}/events", token102)).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        Assert.Empty(Ids(await mine.GetAsync("/api/calls", token102)));
        Assert.Equal([id.Value], Ids(await mine.GetAsync("/api/calls", await mine.TokenAsync())));
        Assert.DoesNotContain(id, app.Worker.HungUp.Snapshot());
    }

    [Theory]
    [InlineData("no-such-call")]
    [InlineData("01jzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("a%20b")]
    [InlineData("x'%20or%20'1'%20eq%20'1")]
    public async Task UnknownCall_IsNotFound(string id)
    {
        var domain = app.NewDomain();
        (await domain.GetAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.NotFound, "call-not-found");
        (await domain.DeleteAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.NotFound, "call-not-found");
    }

    [Fact]
    public async Task HangUp_ReachesTheWorkerAndMayBeRepeated()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await domain.DeleteAsync($"/api/calls/{id}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await domain.DeleteAsync($"/api/calls/{id}", await domain.TokenAsync())).Status);

        Assert.Equal(2, app.Worker.HungUp.Snapshot().Count(h => h == id));
    }

    [Fact]
    public async Task HangUpOfAnEndedCall_AsksNobody()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Ended(id, 1));
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");

        Assert.Equal(HttpStatusCode.NoContent, (await domain.DeleteAsync($"/api/calls/{id}")).Status);
        Assert.DoesNotContain(id, app.Worker.HungUp.Snapshot());
    }

    [Fact]
    public async Task CallWithAForeignId_IsFoundByIt()
    {
        var domain = app.NewDomain();
        var id = CallId.Parse("foreign-" + domain.Name.Replace('.', '-'));
        await domain.TellAsync(domain.Event(id, 2, CallEventType.LegRinging));
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));

        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 2, "both events are in");

        Assert.Equal([id.Value], Ids(await domain.GetAsync("/api/calls")));
    }

    private static string Time(DateTimeOffset time) => Uri.EscapeDataString(time.ToString("O"));

    private static List<string> Ids(Answer page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return [.. page.Json.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
    }

    /// <summary>Calls a second apart, every third of user 102, every third ended busy by turns.</summary>
    private static IEnumerable<string[]> Lines(Answer csv) =>
        csv.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.TrimEnd('\r').Split(','));

    private async Task<List<string>> FillAsync(TestDomain domain, int count)
    {
        var store = app.Services.GetRequiredService<ICallStore>();
        var start = app.Clock.GetUtcNow();
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var began = start.AddSeconds(i + 0.5);
            var row = new CallRecord
            {
                CallId = CallIds.New(began, new Hosting.SequenceRandom(i)),
                Domain = domain.Name,
                Direction = CallDirection.Outbound,
                User = i % 3 == 1 ? "102" : "101",
                Destination = "echo",
                RequestedAt = began,
            };
            if (i % 2 == 0 || i == 3) row = row with { State = CallState.Ended, EndedAt = began, Outcome = new CallOutcome(i % 3 == 0 ? CallResult.Busy : CallResult.Failed, "x") };
            Assert.True(await store.TryAddAsync(row, CancellationToken.None));
            ids.Add(row.CallId.Value);
        }

        return ids;
    }
}
