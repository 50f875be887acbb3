using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Calls;

/// <summary>Parts that stop and come back, each test with an app, a storage and a worker of its own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly AppRig _app = new() { Domains = 2, MovesClock = true, StorageSeconds = 4 };

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task StorageStopped_RequestsSay503AndWorkAgainAfterwards()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        var id = await domain.PlaceAsync();
        await _app.Azurite.StopAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));

        (await domain.PostCallAsync(key: key, origin: AppRig.Origin)).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        (await domain.GetAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        (await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted))).IsProblem(HttpStatusCode.ServiceUnavailable, "queue-unavailable");
        var health = await domain.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Status);
        Assert.Equal(("down", "down", "up"), Dependencies(health));
        Assert.Equal(1, domain.DialledAtWorker);

        await _app.Azurite.StartAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted))).Status);
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        Assert.Equal(2, domain.DialledAtWorker);
    }

    [Fact]
    public async Task StorageThatHangs_IsAskedOnceAndKeepsNobodyWaiting()
    {
        var domain = _app.NewDomain();
        var id = await domain.PlaceAsync();
        var warm = await domain.GetAsync($"/api/calls/{id}");
        Assert.Equal(HttpStatusCode.OK, warm.Status);
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        _app.Azurite.Pause();
        try
        {
            var before = _app.Storage.Total;
            var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => domain.GetAsync($"/api/calls/{id}"))).WaitAsync(Patience.Start);

            Assert.All(answers, a => a.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable"));
            // The version row, once more after the first wait; no call of the thirty.
            Assert.InRange(_app.Storage.Total - before, 1, 8);
        }
        finally
        {
            _app.Azurite.Resume();
        }

        _app.Clock.PutForward(TimeSpan.FromSeconds(2));
        await _app.UntilAsync(async () => (await domain.GetAsync($"/api/calls/{id}")).Status == HttpStatusCode.OK ? "so" : null, "storage is back");
    }

    [Fact]
    public async Task StorageStoppedAtStart_AppComesUpAndSeedsOnceItIsThere()
    {
        AzuriteFixture.SkipIfMissing();
        await _app.StopAppAsync();
        await _app.Azurite.StopAsync();
        var from = _app.Logs.Count;
        await _app.StartAsync();
        var domain = _app.NewDomain();
        (await domain.PostCallAsync()).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");

        await _app.Azurite.StartAsync();
        await _app.Logs.WaitAsync(l => l.Id == 1011, "the app is ready", from: from);

        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync()).Status);
    }

    [Fact]
    public async Task WorkerStopped_NothingIsDialledAndTheSameKeyWorksLater()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        await _app.Worker.StopAsync();

        (await domain.PostCallAsync(key: key)).IsProblem(HttpStatusCode.ServiceUnavailable, "worker-unavailable");
        var health = await domain.GetAsync("/healthz");
        Assert.Equal((HttpStatusCode.OK, "degraded"), (health.Status, health.Json.GetProperty("status").GetString()));
        Assert.Equal(("up", "up", "down"), Dependencies(health));

        await _app.Worker.StartAgainAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);
        Assert.Equal(1, domain.DialledAtWorker);
    }

    [Fact]
    public async Task CrashBetweenKeepingAndDialling_IsGoneOnWithByTheRepeat()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        var kept = await KeepAsync(domain, key);

        await _app.RestartAsync();
        var answer = await domain.PostCallAsync(key: key);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(kept.Value, answer.Json.GetProperty("id").GetString());
        Assert.Equal([kept], _app.Worker.Dialled.Snapshot().Select(d => d.Id));
    }

    [Fact]
    public async Task EveryAttempt_HasItsOwnTimeLimit()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        _app.Worker.Refuse(domain.Name, 503, WorkerProblemReasons.Draining);
        await domain.PostCallAsync(key: key);
        _app.Worker.Behave(domain.Name);
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        var again = _app.Clock.GetUtcNow();
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);

        var limits = _app.Worker.Commands.Snapshot().Select(c => c.Command.NotAfter!.Value).ToList();
        Assert.InRange(limits[0], again - TimeSpan.FromMinutes(1), again);
        Assert.InRange(limits[1], again + PlacedCall.Transit, _app.Clock.GetUtcNow() + PlacedCall.Transit);
    }

    [Fact]
    public async Task CrashAfterTheWorkerTookTheCall_IsGoneOnWithWithoutASecondCall()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        var kept = await KeepAsync(domain, key);
        var placed = await _app.Services.GetRequiredService<ICallStore>().FindPlacedAsync(domain.Name, Mark(domain, key), CancellationToken.None);
        Assert.True((await _app.Services.GetRequiredService<IWorkerClient>().OriginateAsync(kept, placed!.Command, isAgain: false, CancellationToken.None)).IsOk);
        await _app.RestartAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);

        Assert.Equal((2, 1), (domain.CommandsAtWorker, domain.DialledAtWorker));
    }

    [Fact]
    public async Task CallWhoseWorkerHasForgottenIt_IsClosedByTheSweepUntilTheWorkerTellsItsOwnEnd()
    {
        var domain = _app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        var lastSign = _app.Clock.GetUtcNow();
        _app.Worker.ForgetCalls(id);
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(3));
        await SweepAsync();
        await SweepAsync();
        Assert.Equal("ringing-user", (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("state").GetString());

        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        await Task.WhenAll(SweepAsync(), SweepAsync());
        var swept = (await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended")).Json;
        Assert.Equal(("failed", "worker-lost", 1), Outcome(swept));
        Assert.InRange(swept.GetProperty("endedAt").GetDateTimeOffset(), lastSign.AddMinutes(-1), lastSign);
        await _app.UntilAsync(async () => (await TimelineAsync(domain, id)).SequenceEqual([1, 0]) ? "so" : null, "the sweep's end is in the timeline");

        await domain.TellAsync(domain.Event(id, 2, CallEventType.CallConnected));
        await domain.TellAsync(domain.Ended(id, 3));
        var told = (await domain.UntilAsync(id, c => c.GetProperty("complete").GetBoolean() && c.GetProperty("eventsSeen").GetInt32() == 3, "all is told")).Json;
        Assert.Equal(("answered", "user-hung-up", 3), Outcome(told));
        Assert.Equal([1, 2, 3], await TimelineAsync(domain, id));
    }

    [Fact]
    public async Task CallClosedByTheSweep_IsStillHungUpAtTheWorker()
    {
        var domain = _app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallConnected));
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "connected", "both talk");
        await _app.Worker.StopAsync();
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(11));
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        await SweepAsync();
        var call = (await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended")).Json;
        Assert.Equal(("answered", "worker-lost", 1), Outcome(call));

        await _app.Worker.StartAgainAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await domain.DeleteAsync($"/api/calls/{id}")).Status);

        Assert.Contains(id, _app.Worker.HungUp.Snapshot());
    }

    [Fact]
    public async Task AppJustStarted_EndsNoCall()
    {
        var domain = _app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "the event is in");
        _app.Worker.ForgetCalls(id);
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromHours(1));
        await SweepAsync();

        await _app.RestartAsync();
        _app.Clock.PutForward(TimeSpan.FromHours(1));
        var worker = await _app.Storage.OfAsync(SweepAsync);

        Assert.Equal(0, worker);
        Assert.Equal("ringing-user", (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task RowThatCannotBeRead_KeepsNoOtherCallFromBeingSwept()
    {
        var domain = _app.NewDomain();
        var (broken, lost) = (await domain.PlaceAsync(), await domain.PlaceAsync());
        var table = _app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Calls);
        var row = (await table.QueryAsync<TableEntity>(e => e.PartitionKey == domain.Name).ToListAsync())
            .Single(e => e.RowKey.StartsWith("c|", StringComparison.Ordinal) && e.GetString("CallId") == broken.Value);
        row["State"] = "no-such-state";
        await table.UpdateEntityAsync(row, row.ETag);
        _app.Worker.ForgetCalls(lost);
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(3));
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        await SweepAsync();

        await domain.UntilAsync(lost, c => c.GetProperty("state").GetString() == "ended", "the call has ended");
        Assert.Contains(_app.Logs.Snapshot(), l => l.Id == 1031 && l.Text.Contains(broken.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeviceRowThatCannotBeRead_IsLeftOutAlone()
    {
        var domain = _app.NewDomain();
        var storage = _app.Services.GetRequiredService<StorageClients>();
        var table = storage.Tables.GetTableClient(TableNames.Devices);
        var row = (await table.GetEntityAsync<TableEntity>(domain.Name, "103-desk")).Value;
        row["Ha1Md5"] = new byte[64];
        await table.UpdateEntityAsync(row, row.ETag);
        await App.Directory.DirectoryVersion.WriteAsync(storage, "with-a-bad-row", seed: null, CancellationToken.None);
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));

        var view = await _app.Services.GetRequiredService<IDirectoryReader>().GetAsync(CancellationToken.None);

        var users = view.Snapshot.Domains.Single(d => d.Name == domain.Name).Users;
        Assert.Equal(["101", "102", "103-mobile"], users.SelectMany(u => u.Devices).Select(d => d.UserName).Order());
        Assert.Contains(_app.Logs.Snapshot(), l => l.Id == 1051 && l.Text.Contains("103-desk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExpiredKeysAndTokenUses_ArePurgedAndNothingElse()
    {
        var domain = _app.NewDomain();
        var (old, kept) = (TestDomain.NewKey(), TestDomain.NewKey());
        var token = await domain.TokenAsync();
        await domain.PostCallAsync(key: old);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(token: token)).Status);
        _app.Clock.PutForward(ExpiredRows.KeepKeys + TimeSpan.FromHours(1));
        await domain.PostCallAsync(key: kept);
        var fresh = await domain.TokenAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(token: fresh)).Status);

        await _app.Services.GetRequiredService<ExpiredRows>().PurgeAsync(CancellationToken.None);

        var store = _app.Services.GetRequiredService<ICallStore>();
        Assert.Null(await store.FindPlacedAsync(domain.Name, Mark(domain, old), CancellationToken.None));
        Assert.NotNull(await store.FindPlacedAsync(domain.Name, Mark(domain, kept), CancellationToken.None));
        var uses = _app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.TokenUses);
        Assert.Single(await uses.QueryAsync<TableEntity>(e => e.PartitionKey == domain.Name).ToListAsync());
        Assert.Equal(4, (await domain.GetAsync("/api/calls")).Json.GetProperty("calls").GetArrayLength());
    }

    [Fact]
    public async Task CallTheWorkerStillHas_IsLeftAlone()
    {
        var domain = _app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallConnected));
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "connected", "both talk");
        await SweepAsync();
        for (var hour = 0; hour < 3; hour++)
        {
            _app.Clock.PutForward(TimeSpan.FromHours(1));
            await SweepAsync();
        }

        await _app.Worker.StopAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(5));
        await SweepAsync();
        Assert.Equal("connected", (await domain.GetAsync($"/api/calls/{id}")).Json.GetProperty("state").GetString());

        // In doubt since five minutes, and now for longer than a worker may be gone.
        _app.Clock.PutForward(TimeSpan.FromMinutes(6));
        await SweepAsync();
        await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended");
    }

    [Fact]
    public async Task CallNeverDialled_IsGivenUpAndNotDialledByALateRepeat()
    {
        var domain = _app.NewDomain();
        var key = TestDomain.NewKey();
        _app.Worker.Refuse(domain.Name, 503, WorkerProblemReasons.Draining);
        await domain.PostCallAsync(key: key);
        _app.Worker.Behave(domain.Name);
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(3));
        await SweepAsync();
        _app.Clock.PutForward(TimeSpan.FromMinutes(1));
        await SweepAsync();

        var answer = await domain.PostCallAsync(key: key);

        Assert.Equal((HttpStatusCode.Accepted, "true"), (answer.Status, answer.Header("Idempotency-Replayed")));
        Assert.Equal(0, domain.DialledAtWorker);
        var id = CallId.Parse(answer.Json.GetProperty("id").GetString()!);
        var call = (await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended")).Json;
        Assert.Equal("worker-unavailable", call.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task HangUpOfACallNeverTaken_WaitsForItsPlacingThenEndsIt()
    {
        var domain = _app.NewDomain();
        var id = await KeepAsync(domain, TestDomain.NewKey());

        (await domain.DeleteAsync($"/api/calls/{id}")).IsProblem(HttpStatusCode.ServiceUnavailable, "call-being-placed");
        _app.Clock.PutForward(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.NoContent, (await domain.DeleteAsync($"/api/calls/{id}")).Status);

        var call = (await domain.UntilAsync(id, c => c.GetProperty("state").GetString() == "ended", "the call has ended")).Json;
        Assert.Equal(("cancelled", "hung-up-by-api"), (call.GetProperty("result").GetString(), call.GetProperty("reason").GetString()));
    }

    private static (string?, string?, int) Outcome(JsonElement call) =>
        (call.GetProperty("result").GetString(), call.GetProperty("reason").GetString(), call.GetProperty("eventsSeen").GetInt32());

    private static async Task<List<int>> TimelineAsync(TestDomain domain, CallId id) =>
        [.. (await domain.GetAsync($"/api/calls/{id}/events")).Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetInt32())];

    /// <summary>The first sweep after a start ends nothing.</summary>
    private Task SweepAsync() => _app.Services.GetRequiredService<CallSweeper>().SweepAsync(CancellationToken.None);

    /// <summary>As far as a first request gets that dies before it reaches the worker.</summary>
    private async Task<CallId> KeepAsync(TestDomain domain, string key)
    {
        var request = CallRequest.Read("""{"user":"101","destination":"echo"}"""u8.ToArray(), tokenUser: null).Value!;
        var now = _app.Clock.GetUtcNow();
        var placed = new PlacedCall(
            CallIds.New(now, new Hosting.SequenceRandom(1)), request.Fingerprint(), new OriginateCommand(domain.Name, "101", "echo"), now);
        Assert.True(await _app.Services.GetRequiredService<ICallStore>().TryPlaceAsync(Mark(domain, key), placed, CancellationToken.None));
        return placed.CallId;
    }

    private static string Mark(TestDomain domain, string key) =>
        new IdempotencyKey(key).MarkFor(new Principal("key:" + domain.Key.Split('_')[1], domain.Name, ApiScopes.None, null));

    private static (string?, string?, string?) Dependencies(Answer health)
    {
        var words = health.Json.GetProperty("dependencies");
        return (words.GetProperty("storage").GetString(), words.GetProperty("queue").GetString(), words.GetProperty("worker").GetString());
    }
}
