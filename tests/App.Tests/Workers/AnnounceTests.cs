using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Workers;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.TestKit.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.App.Tests.Workers;

/// <summary>Workers that say themselves where they are.</summary>
[Trait("row", "D6")]
public sealed class AnnounceTests(AppRig app)
{
    private static readonly OriginateCommand Command = new("announce.test", "101", "echo");

    [Fact(DisplayName = "D6: calls go to workers that come and go without a setting: to the one with most room, to none that has gone or is silent, and commands to the one that has the call")]
    public async Task Workers_come_and_go()
    {
        AzuriteFixture.SkipIfMissing();
        await using var first = await WorkerPeer.StartAsync();
        await using var second = await WorkerPeer.StartAsync();
        (first.Calls, second.Calls) = (10, 90);
        var clock = new ShiftedClock();
        var options = new CallWorkerOptions { Discover = true, DiscoverNetworks = ["127.0.0.0/8"], ControlToken = WorkerPeer.ControlToken };
        Assert.Empty(options.Faults());
        // Not the app's own, whose clock other tests put forward.
        using var register = new WorkerRegister(app.Services.GetRequiredService<StorageClients>(), clock);
        using var pool = new WorkerPool(options, clock, NullLogger<HttpWorkerClient>.Instance, register);
        Assert.Equal(KnownProblems.WorkerUnavailable, (await PlaceAsync("nobody")).Problem);
        Assert.IsType<WorkerView.Unreachable>(await pool.GetAsync(CallId.Parse("nobody"), default));
        Assert.Null(await pool.CallsOfAsync(Command.Domain, null, default));

        await register.SeenAsync("pool-first", first.Url.ToString(), default);
        await register.SeenAsync("pool-second", second.Url.ToString(), default);
        clock.PutForward(TimeSpan.FromSeconds(6));
        Assert.True((await PlaceAsync("one")).IsOk);
        Assert.Equal((1, 0), (first.Dialled.Count, second.Dialled.Count));

        await register.GoneAsync("pool-first", default);
        clock.PutForward(TimeSpan.FromSeconds(6));
        Assert.True((await PlaceAsync("two")).IsOk);
        Assert.Equal((1, 1), (first.Dialled.Count, second.Dialled.Count));
        Assert.NotNull((await pool.OrderAsync(CallId.Parse("two"), "mute", "c-1", default)).Call);

        // With a second one beside it, which is silent too, since with one alone nothing is asked before it is commanded.
        await register.SeenAsync("pool-first", first.Url.ToString(), default);
        clock.PutForward(TimeSpan.FromMinutes(2));
        Assert.Equal(KnownProblems.WorkerUnavailable, (await PlaceAsync("three")).Problem);
        Assert.IsType<WorkerView.Known>(await pool.GetAsync(CallId.Parse("two"), default));
        clock.PutForward(TimeSpan.FromMinutes(30));
        Assert.IsType<WorkerView.Unreachable>(await pool.GetAsync(CallId.Parse("two"), default));

        Task<Result<CallSnapshot>> PlaceAsync(string id) => pool.OriginateAsync(CallId.Parse(id), Command, false, default);
    }

    [Fact(DisplayName = "D6: what a worker says of itself is kept until it says that it goes")]
    public async Task What_a_worker_says_is_kept()
    {
        AzuriteFixture.SkipIfMissing();
        var table = app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Workers);
        await SayAsync(HttpMethod.Put, "said", "http://127.0.0.1:1/", 204);
        Assert.Equal("http://127.0.0.1:1", (await table.GetEntityAsync<TableEntity>("workers", "said")).Value.GetString("Url"));
        await SayAsync(HttpMethod.Delete, "said", "", 204);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("workers", "said")).HasValue);
        await SayAsync(HttpMethod.Delete, "said", "", 204);
    }

    [Theory]
    [InlineData("wrong-worker-token", "a", "http://127.0.0.1:1", 401)]
    [InlineData(AppRig.WorkerToken, "a", "http://127.0.0.1:1/elsewhere", 400)]
    [InlineData(AppRig.WorkerToken, "a", "http://me@127.0.0.1:1", 400)]
    [InlineData(AppRig.WorkerToken, "a", "ftp://127.0.0.1", 400)]
    [InlineData(AppRig.WorkerToken, "a", "", 400)]
    [InlineData(AppRig.WorkerToken, "a%20b", "http://127.0.0.1:1", 400)]
    // Where no workers are, and what only a name server knows.
    [InlineData(AppRig.WorkerToken, "a", "http://10.0.0.4:8080", 400)]
    [InlineData(AppRig.WorkerToken, "a", "http://[::ffff:10.0.0.4]:8080", 400)]
    [InlineData(AppRig.WorkerToken, "a", "http://localhost:1", 400)]
    public async Task Whoever_is_no_worker_or_says_no_address_is_refused(string token, string name, string url, int status)
    {
        AzuriteFixture.SkipIfMissing();
        await SayAsync(HttpMethod.Put, name, url, status, token);
    }

    [Fact]
    public void Where_workers_may_be_is_asked_for_and_checked()
    {
        var options = new CallWorkerOptions { Discover = true, ControlToken = WorkerPeer.ControlToken };
        Assert.Equal(["DiscoverNetworks must name a network, with Discover"], options.Faults());
        options.DiscoverNetworks.Add("10.20.1.7/24");
        Assert.Equal(["DiscoverNetworks:0 must be a network such as 10.20.1.0/24"], options.Faults());
    }

    private async Task SayAsync(HttpMethod method, string name, string url, int status, string token = AppRig.WorkerToken)
    {
        using var request = new HttpRequestMessage(method, $"/internal/workers/{name}") { Content = new StringContent(url) };
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var answer = await app.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
