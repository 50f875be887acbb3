using System.Net;
using System.Net.Http.Headers;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Control;

/// <summary>Calls watched and listed over HTTP.</summary>
public sealed class WatchEndpointTests : IAsyncLifetime
{
    private WorkerRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await WorkerRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Watcher_is_told_of_a_call_from_its_start_to_its_end()
    {
        await using var phone = await _rig.PhoneAsync("101-a");
        await _rig.UseTrunkAsync();
        await using var watch = _rig.Api.WatchAsync("?domain=demo.local&user=101").GetAsyncEnumerator();
        Assert.Empty((await NextAsync(watch)).Calls!);

        var id = await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456"));
        var ringing = await ShowsAsync(watch, call => call.Legs is [{ RingingAt: not null }]);
        Assert.Equal((id, CallState.RingingUser), (ringing.CallId, ringing.State));
        await (await phone.RingsAsync()).AnswerAsync();
        await ShowsAsync(watch, call => call.State == CallState.RingingDestination);
        await (await _rig.Trunk.RingsAsync()).AnswerAsync();
        await ShowsAsync(watch, call => call.State == CallState.Connected);
        await _rig.Api.OrderAsync(id, "mute");
        Assert.Single((await ShowsAsync(watch, call => call.Talk?.Muted.Count > 0)).Talk!.Muted);
        await _rig.Api.HangUpAsync(id);
        Assert.Equal(CallReasons.HungUpByApi, (await ShowsAsync(watch, call => call.State == CallState.Ended)).Outcome!.Reason);
    }

    [Fact]
    public async Task Watcher_and_list_know_only_what_was_asked_for()
    {
        await using var first = await _rig.PhoneAsync("101-a");
        await using var second = await _rig.PhoneAsync("102-a");
        await _rig.UseTrunkAsync();
        var mine = await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456"));
        await using var watch = _rig.Api.WatchAsync("?user=102").GetAsyncEnumerator();
        Assert.Empty((await NextAsync(watch)).Calls!);
        var other = await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456") with { User = "102" });
        Assert.Equal(other, (await ShowsAsync(watch, _ => true)).CallId);

        Assert.Equal(2, (await _rig.Api.ListAsync("?domain=DEMO.LOCAL")).Count);
        Assert.Equal(mine, Assert.Single(await _rig.Api.ListAsync("?domain=demo.local&user=101")).CallId);
        Assert.Empty(await _rig.Api.ListAsync("?domain=other.local"));
    }

    [Fact]
    public async Task Stream_ends_when_the_worker_has_ended_its_calls()
    {
        await using var phone = await _rig.PhoneAsync("101-a");
        await _rig.UseTrunkAsync();
        await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456"));
        await using var watch = _rig.Api.WatchAsync().GetAsyncEnumerator();
        Assert.Single((await NextAsync(watch)).Calls!);
        await _rig.Server.StopAsync(CancellationToken.None);
        Assert.Equal(CallReasons.WorkerShutdown, (await ShowsAsync(watch, call => call.State == CallState.Ended)).Outcome!.Reason);
        Assert.False(await watch.MoveNextAsync().AsTask().WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task Silence_is_broken_by_comments()
    {
        var clock = new ManualTimeProvider();
        await using var web = await _rig.ServeControlAsync(clock);
        using var http = new HttpClient { BaseAddress = new Uri(web.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _rig.ControlToken);
        using var response = await http.GetAsync("/control/watch", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("event: calls", await lines.ReadLineAsync());
        Assert.Equal("""data: {"kind":"calls","calls":[]}""", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
        var next = lines.ReadLineAsync();
        while (clock.ArmedTimers == 0) await Task.Yield();
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, clock.ArmedTimers);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(":", await next.WaitAsync(Patience.Limit));
    }

    [Theory]
    [InlineData("/control/watch?domain=a%20b")]
    [InlineData("/control/watch?user=")]
    [InlineData("/control/watch?user=101&user=102")]
    [InlineData("/control/calls?domain=")]
    [InlineData("/control/calls?user=a%20b")]
    public async Task Filter_that_is_none_is_refused(string path)
    {
        using var response = await _rig.Api.GetRawAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(WorkerProblemReasons.InvalidCommand, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_watches_without_the_token()
    {
        using var http = new HttpClient { BaseAddress = _rig.ControlUrl };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/control/watch")).StatusCode);
    }

    private static async Task<WatchMessage> NextAsync(IAsyncEnumerator<WatchMessage> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Patience.Limit));
        return watch.Current;
    }

    private static async Task<CallSnapshot> ShowsAsync(IAsyncEnumerator<WatchMessage> watch, Func<CallSnapshot, bool> wished)
    {
        while (true)
        {
            if ((await NextAsync(watch)).Call is { } call && wished(call)) return call;
        }
    }
}
