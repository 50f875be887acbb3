using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.App.Tests.Calls;

public sealed class LiveCallsTests(AppRig app)
{
    private const string Target = "+12025550199";
    private static readonly object OtherDestination = new { user = "101", destinations = new[] { "102" } };

    [Fact(DisplayName = "D2: calls under way are listed, all of the domain or one user's, and a page learns no trunk's name")]
    public async Task CallsUnderWay_AreListed()
    {
        var domain = app.NewDomain();
        var mine = await domain.PlaceAsync();
        var other = await domain.PostCallAsync(TestDomain.Call(user: "102"));
        Assert.Equal(HttpStatusCode.Accepted, other.Status);

        Assert.Equal(2, Calls(await domain.GetAsync("/api/calls/live")).Length);
        var one = Assert.Single(Calls(await domain.GetAsync("/api/calls/live?user=101")));
        Assert.Equal((mine.Value, "101", "carrier"), (Text(one, "id"), Text(one, "user"), Text(one.GetProperty("legs")[0], "trunk")));
        // Whatever it asks for, a session token sees its user's calls only.
        var seen = Assert.Single(Calls(await domain.GetAsync("/api/calls/live?user=102", await domain.TokenAsync())));
        Assert.Equal(mine.Value, Text(seen, "id"));
        Assert.False(seen.GetProperty("legs")[0].TryGetProperty("trunk", out var trunk) && trunk.ValueKind != JsonValueKind.Null);
        (await domain.GetAsync("/api/calls/live?user=a%20b")).IsProblem(HttpStatusCode.BadRequest, "field-invalid", "user");
    }

    [Fact(DisplayName = "F6: a page learns from calls under way no destination that it did not ask for, and no target of a transfer")]
    public async Task WhatAPageDidNotAskFor_ItDoesNotLearn()
    {
        var domain = app.NewDomain();
        await PlaceWithTransferAsync(domain);

        AssertHides((await domain.GetAsync("/api/calls/live", await domain.TokenAsync(OtherDestination))).Body);

        Assert.Contains("12025550199", (await domain.GetAsync("/api/calls/live")).Body);
        var asked = Assert.Single(Calls(await domain.GetAsync("/api/calls/live", await domain.TokenAsync(new { user = "101", destinations = new[] { "echo" } }))));
        Assert.Equal("echo", Text(asked, "destination"));
    }

    [Fact(DisplayName = "D2: who watches is told all calls, and then each that changes")]
    public async Task Watcher_IsToldAllAndThenChanges()
    {
        var domain = app.NewDomain();
        var call = await PlaceWithTransferAsync(domain);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/calls/watch");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await domain.TokenAsync(OtherDestination));
        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await using var told = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(TestKit.Events.Patience.Step));
        Assert.Equal("calls", told.Current.EventType);
        using (var all = JsonDocument.Parse(told.Current.Data)) Assert.Equal(call.Value, Text(Assert.Single(all.RootElement.GetProperty("calls").EnumerateArray()), "id"));
        AssertHides(told.Current.Data);
        app.Worker.End(call, new CallOutcome(CallResult.Busy, CallReasons.DestinationBusy, 486));
        Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(TestKit.Events.Patience.Step));
        Assert.Equal("call", told.Current.EventType);
        AssertHides(told.Current.Data);
        using var ended = JsonDocument.Parse(told.Current.Data);
        Assert.Equal((call.Value, "ended", CallReasons.DestinationBusy), (Text(ended.RootElement, "id"), Text(ended.RootElement, "state"), Text(ended.RootElement, "reason")));
    }

    [Fact(DisplayName = "D2: one user watches four times at once, and others are not kept waiting by that")]
    public async Task Watches_AreCountedForEachCaller()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++) open.Add(await WatchAsync(token));
        Assert.All(open, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));

        (await domain.GetAsync("/api/calls/watch", await domain.TokenAsync())).IsProblem(HttpStatusCode.TooManyRequests, "too-many-watches");
        open.Add(await WatchAsync(await domain.TokenAsync(new { user = "102" })));
        Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
        open.ForEach(r => r.Dispose());
    }

    [Theory]
    [InlineData("/api/calls/live")]
    [InlineData("/api/calls/watch")]
    public async Task WithoutTheScope_NothingIsTold(string path)
    {
        var domain = app.NewDomain();
        var answer = await domain.SendAsync(HttpMethod.Get, path, with: request =>
        {
            request.Headers.Remove("X-Api-Key");
            request.Headers.Add("X-Api-Key", domain.FewKey);
        });
        answer.IsProblem(HttpStatusCode.Forbidden, "scope-missing");
    }

    private async Task<HttpResponseMessage> WatchAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/calls/watch");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static JsonElement[] Calls(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("calls").EnumerateArray()];
    }

    private async Task<CallId> PlaceWithTransferAsync(TestDomain domain)
    {
        var call = await domain.PlaceAsync();
        app.Worker.Change(call, c => c with { Talk = new TalkDetails([], [], [], null, new TransferDetails("leg-1", Target)) });
        return call;
    }

    private static void AssertHides(string shown)
    {
        Assert.Contains("leg-1", shown);
        Assert.DoesNotContain("echo", shown);
        Assert.DoesNotContain("12025550199", shown);
        Assert.DoesNotContain("carrier", shown);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
