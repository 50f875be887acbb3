using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Workers;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Workers;

/// <summary>Workers that say themselves where they are.</summary>
[Trait("row", "D6")]
public sealed class AnnounceTests(AppRig app)
{
    [Fact(DisplayName = "D6: calls go to workers that come and go without a setting: to the one with most room, to none that has gone or is silent, and commands to the one that has the call")]
    public async Task Workers_come_and_go()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        var (first, second, pool, register, clock) = (bench.First, bench.Second, bench.Pool, bench.Register, bench.Clock);
        (first.Calls, second.Calls) = (10, 90);
        Assert.Equal(KnownProblems.WorkerUnavailable, (await bench.PlaceAsync("nobody")).Problem);
        Assert.IsType<WorkerView.Unreachable>(await pool.GetAsync(CallId.Parse("nobody"), default));
        Assert.Null(await pool.CallsOfAsync(WorkerBench.Domain, null, default));

        await bench.SeenAsync("first", first);
        await bench.SeenAsync("second", second);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True((await bench.PlaceAsync("one")).IsOk);
        Assert.Equal((1, 0), (first.Dialled.Count, second.Dialled.Count));

        await register.GoneAsync("first", default);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True((await bench.PlaceAsync("two")).IsOk);
        Assert.Equal((1, 1), (first.Dialled.Count, second.Dialled.Count));
        Assert.NotNull((await pool.OrderAsync(CallId.Parse("two"), "mute", "c-1", default)).Call);

        // With a second one beside it, which is silent too, since with one alone nothing is asked before it is commanded.
        await bench.SeenAsync("first", first);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(KnownProblems.WorkerUnavailable, (await bench.PlaceAsync("three")).Problem);
        Assert.IsType<WorkerView.Known>(await pool.GetAsync(CallId.Parse("two"), default));

        // Forgotten when they are not even there any more.
        clock.Advance(TimeSpan.FromHours(3));
        Assert.IsType<WorkerView.Known>(await pool.GetAsync(CallId.Parse("two"), default));
        await first.StopAsync();
        await second.StopAsync();
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<WorkerView.Unreachable>(await pool.GetAsync(CallId.Parse("two"), default));
        Assert.Empty(await register.ListAsync((_, _) => throw new InvalidOperationException("Nobody is left to ask."), default));
    }

    [Fact(DisplayName = "D6: a worker that died without a word holds nothing up: neither commands nor what is shown of the others' calls")]
    public async Task One_that_died_is_not_waited_for()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        var (alive, dead, pool, clock) = (bench.First, bench.Second, bench.Pool, bench.Clock);
        dead.IsSilent = true;
        await bench.SeenAsync("dead", dead);
        clock.Advance(TimeSpan.FromSeconds(40));
        await bench.SeenAsync("alive", alive);
        await bench.PlaceAsync("mine");
        Assert.Equal(1, alive.Dialled.Count);

        // The clock stands, so none of these has waited for it.
        Assert.IsType<WorkerView.Known>(await Soon(pool.GetAsync(CallId.Parse("mine"), default)));
        Assert.NotNull((await Soon(pool.OrderAsync(CallId.Parse("mine"), "mute", "c-1", default))).Call);
        Assert.IsType<WorkerView.Known>(await Soon(pool.HangUpAsync(CallId.Parse("mine"), default)));

        var list = pool.CallsOfAsync(WorkerBench.Domain, null, default);
        await dead.Unanswered.WaitAsync(path => path == "/control/calls", "the list");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single((await Soon(list))!);

        var watch = pool.WatchAsync(WorkerBench.Domain, null, default);
        await dead.Unanswered.WaitAsync(path => path == "/control/watch", "the watch");
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var told = (await Soon(watch))!.GetAsyncEnumerator();
        Assert.True(await Soon(told.MoveNextAsync().AsTask()));
        Assert.Single(told.Current.Calls!);
    }

    [Fact(DisplayName = "D6: a worker that has just died holds a new call up for a second, and one that was silent before a call was made no repetition of it")]
    public async Task Calls_are_placed_beside_one_that_died()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        var (alive, dead, clock) = (bench.First, bench.Second, bench.Clock);
        dead.IsSilent = true;
        await bench.SeenAsync("dead", dead);
        await bench.SeenAsync("alive", alive);
        var placing = bench.PlaceAsync("now");
        await dead.Unanswered.WaitAsync(path => path == "/healthz/ready", "the question for room");
        // The clock stands afterwards, so that the time for its answer is never over.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await Soon(placing)).IsOk);
        Assert.Equal(1, alive.Dialled.Count);

        clock.Advance(TimeSpan.FromMinutes(2));
        await bench.SeenAsync("alive", alive);
        clock.Advance(TimeSpan.FromSeconds(6));
        var later = CallIds.New(clock.GetUtcNow(), new CryptoRandom());
        Assert.True((await Soon(bench.Pool.OriginateAsync(later, new OriginateCommand(WorkerBench.Domain, "101", "echo"), isAgain: true, default))).IsOk);
        Assert.Equal(2, alive.Dialled.Count);
        // It was there when this one was made.
        var before = CallIds.New(clock.GetUtcNow() - TimeSpan.FromMinutes(1), new CryptoRandom());
        var unknown = bench.Pool.OriginateAsync(before, new OriginateCommand(WorkerBench.Domain, "101", "echo"), isAgain: true, default);
        await dead.Unanswered.WaitAsync(path => path.EndsWith(before.Value, StringComparison.Ordinal), "the question for the call");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(KnownProblems.WorkerUnavailable, (await Soon(unknown)).Problem);
    }

    [Fact(DisplayName = "D6: whoever watches calls is sent to ask again when a worker has come")]
    public async Task Watching_ends_when_one_has_come()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        await bench.SeenAsync("first", bench.First);
        // Workers are listed a moment before the watch begins, so that they are listed anew when it looks.
        Assert.IsType<WorkerView.Unknown>(await bench.Pool.GetAsync(CallId.Parse("nobody"), default));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var told = (await bench.Pool.WatchAsync(WorkerBench.Domain, null, default))!.GetAsyncEnumerator();
        Assert.True(await Soon(told.MoveNextAsync().AsTask()));
        var next = told.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await bench.SeenAsync("second", bench.Second);
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(await Soon(next));
    }

    [Fact(DisplayName = "D6: a worker that came back under another name gets calls, whatever was said of its address before")]
    public async Task One_address_under_two_names()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        (bench.First.Calls, bench.Second.Calls) = (10, 90);
        await bench.SeenAsync("a-before", bench.First);
        bench.Clock.Advance(TimeSpan.FromSeconds(40));
        await bench.SeenAsync("b-now", bench.First);
        await bench.SeenAsync("second", bench.Second);
        Assert.True((await bench.PlaceAsync("one")).IsOk);
        Assert.Equal((1, 0), (bench.First.Dialled.Count, bench.Second.Dialled.Count));
    }

    [Fact(DisplayName = "D6: a silent worker is remembered for longer than its calls are open, and one that speaks while it is forgotten stays")]
    public async Task Silent_ones_are_remembered()
    {
        await using var bench = await WorkerBench.StartAsync(app, goneSeconds: 7200);
        await bench.SeenAsync("first", bench.First);
        bench.Clock.Advance(TimeSpan.FromMinutes(129));
        Assert.False(Assert.Single(await bench.Register.ListAsync((_, _) => Task.FromResult(false), default)).IsFresh);

        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await bench.Register.ListAsync(SpeaksAsync, default));
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(Assert.Single(await bench.Register.ListAsync((_, _) => Task.FromResult(false), default)).IsFresh);

        async Task<bool> SpeaksAsync(string url, CancellationToken stop)
        {
            await bench.SeenAsync("first", bench.First);
            return false;
        }
    }

    [Fact(DisplayName = "D6: a worker learns where the others are that spoke a moment ago, to call their phones")]
    public async Task Workers_learn_of_each_other()
    {
        await using var bench = await WorkerBench.StartAsync(app);
        const string Own = "http://127.0.0.1:1";
        await bench.Register.SeenAsync("silent", "http://127.0.0.1:3", default);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.Register.SeenAsync("own", Own, default);
        await bench.Register.SeenAsync("other", "http://127.0.0.1:2", default);
        Assert.Equal(["http://127.0.0.1:2"], await bench.Register.FellowsAsync(Own, default));

        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["http://127.0.0.1:2"], (await bench.ToldAsync(app, "own", Own)).Urls);
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([Own], (await bench.ToldAsync(app, "other", "http://127.0.0.1:2")).Urls);

        using var request = new HttpRequestMessage(HttpMethod.Put, "/internal/workers/own") { Content = new StringContent(Own) };
        request.Headers.Add("Authorization", $"Bearer {AppRig.WorkerToken}");
        using var answer = await app.Client.SendAsync(request);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerFellows))!.Urls);
    }

    [Fact(DisplayName = "D6: while storage is away it is asked for workers now and then, and not by every request")]
    public async Task Storage_that_is_away_is_left_alone()
    {
        var asked = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var storage = builder.Build();
        storage.Urls.Add("http://127.0.0.1:0");
        storage.MapFallback(() =>
        {
            Interlocked.Increment(ref asked);
            return Results.StatusCode(503);
        });
        await storage.StartAsync();
        var url = storage.Urls.First();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var text = $"AccountName=busy;AccountKey=AAAA;TableEndpoint={url}/busy;QueueEndpoint={url}/busy;BlobEndpoint={url}/busy";
        var clients = new StorageClients(
            new StorageOptions { ConnectionString = text },
            new AppMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        var clock = new ManualTimeProvider();
        using var register = new WorkerRegister(clients, new CallOptions(), clock);

        Assert.Empty(await register.ListAsync((_, _) => Task.FromResult(true), default));
        var once = asked;
        Assert.NotEqual(0, once);
        Assert.Empty(await register.ListAsync((_, _) => Task.FromResult(true), default));
        Assert.Equal(once, asked);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(await register.ListAsync((_, _) => Task.FromResult(true), default));
        Assert.NotEqual(once, asked);
    }

    [Fact(DisplayName = "D6: what a worker says of itself is kept until it says that it goes")]
    public async Task What_a_worker_says_is_kept()
    {
        AzuriteFixture.SkipIfMissing();
        var table = app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Workers);
        await SayAsync(HttpMethod.Put, "said", "http://127.0.0.1:1/", 200);
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

    [Fact(DisplayName = "D6: a worker outside the networks is told which setting names them")]
    public async Task Refusal_names_the_setting()
    {
        AzuriteFixture.SkipIfMissing();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/internal/workers/far") { Content = new StringContent("http://10.0.0.4:8080") };
        request.Headers.Add("Authorization", $"Bearer {AppRig.WorkerToken}");
        using var answer = await app.Client.SendAsync(request);
        Assert.Contains("Worker__DiscoverNetworks", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_workers_may_be_is_asked_for_and_checked()
    {
        var options = new CallWorkerOptions { Discover = true, ControlToken = WorkerPeer.ControlToken };
        Assert.Equal(["DiscoverNetworks must name a network, with Discover"], options.Faults());
        options.DiscoverNetworks.Add("10.20.1.7/24");
        Assert.Equal(["DiscoverNetworks:0 must be a network such as 10.20.1.0/24"], options.Faults());
    }

    // A limit for what would never end otherwise.
    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromMinutes(2));

    private async Task SayAsync(HttpMethod method, string name, string url, int status, string token = AppRig.WorkerToken)
    {
        using var request = new HttpRequestMessage(method, $"/internal/workers/{name}") { Content = new StringContent(url) };
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var answer = await app.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
