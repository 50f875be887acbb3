using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Sealing;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;

namespace ClickToDial.App.Tests.Sealing;

/// <summary>The encryption key is replaced as often as one likes, and nothing that is stored is lost.</summary>
[Trait("row", "D6")]
public sealed class ResealerTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly SealingBench _bench = new(azurite.ConnectionString);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        await _bench.ClearAsync();
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(DisplayName = "D6: the encryption key is replaced twice, the oldest dropped each time, and the newest alone opens everything")]
    public async Task Twice_LosesNothing()
    {
        var app = _bench.Instance("k1");
        await _bench.FillAsync(app);
        await WalkAsync(app, "k1", rows: 0);

        foreach (var (next, last) in ((string, string)[])[("k2", "k1"), ("k3", "k2")])
        {
            app.Take(next, last);
            await WalkAsync(app, next, rows: 7);
            Assert.Equal([next], await _bench.KeysAsync());
            Assert.Equal("done", await WordAsync(app));
        }

        await _bench.ReadAllAsync(_bench.Instance("k3"));
        Assert.Equal((14, (0L, 0L)), (app.Resealed, app.Older));
    }

    [Fact(DisplayName = "D6: a walk that dies on its way is gone on with, and no row is sealed twice")]
    public async Task Killed_GoesOn()
    {
        var first = _bench.Instance("k2", "k1");
        await _bench.FillAsync(_bench.Instance("k1"));
        await BeginAsync(first);
        using var death = new CancellationTokenSource();
        first.WhenResealed(3, death.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Resealer.RunAsync(death.Token));
        Assert.Equal(["k1", "k2"], await _bench.KeysAsync());
        Assert.Equal("waiting", await WordAsync(first));
        await _bench.ReadAllAsync(first);

        var second = _bench.Instance("k2", "k1");
        await second.Resealer.RunAsync(Stop);
        Assert.Equal((3, 4), (first.Resealed, second.Resealed));
        Assert.Equal("done", await WordAsync(second));
        await _bench.ReadAllAsync(_bench.Instance("k2"));
    }

    [Fact(DisplayName = "D6: what is written or deleted while it is sealed again stays as it was written, and is looked at again")]
    public async Task WrittenMeanwhile_Stays()
    {
        var (old, app) = (_bench.Instance("k1"), _bench.Instance("k2", "k1"));
        await old.Subscriptions.AddAsync(SealingBench.Subscriber("hook-1", "https://first.test/"), Stop);
        await BeginAsync(app);
        // By one that has still the old key.
        app.Random.OnNext(() => old.Subscriptions.ChangeAsync(SealingBench.Domain, "hook-1", s => s with { Url = new Uri("https://second.test/") }, Stop));
        await app.Resealer.RunAsync(Stop);
        Assert.Equal((0, (1L, 0L)), (app.Resealed, app.Older));
        Assert.Equal("working", await WordAsync(app));

        await app.Resealer.RunAsync(Stop);
        Assert.Equal("done", await WordAsync(app));
        Assert.Equal("https://second.test/", (await _bench.Instance("k2").Subscriptions.FindAsync(SealingBench.Domain, "hook-1", Stop))!.Url.AbsoluteUri);

        app.Take("k3", "k2");
        await BeginAsync(app);
        app.Random.OnNext(() => old.Subscriptions.DeleteAsync(SealingBench.Domain, "hook-1", Stop));
        await app.Resealer.RunAsync(Stop);
        await app.Resealer.RunAsync(Stop);
        Assert.Equal("done", await WordAsync(app));
        Assert.Empty(await _bench.KeysAsync());
    }

    [Fact(DisplayName = "D6: rows that no key opens are named by table and key, never shown, left as they are, and keep no other from being sealed again")]
    public async Task Unreadable_IsSaidAndLeft()
    {
        var (old, app) = (_bench.Instance("k1"), _bench.Instance("k2", "k1"));
        await _bench.FillAsync(old);
        await _bench.Instance("lost").Scripts.SetAsync(SealingBench.Domain, "a-of-a-lost-key", "x", Stop);
        await old.Scripts.SetAsync(SealingBench.Domain, "b-changed", "y", Stop);
        var changed = await _bench.RowAsync(TableNames.ScriptSecrets, SealingBench.Domain, "b-changed");
        changed.GetBinary("Sealed")[^1] ^= 1;
        await _bench.PutAsync(TableNames.ScriptSecrets, changed);
        await _bench.PutAsync(TableNames.ScriptSecrets, new TableEntity(SealingBench.Domain, "c-of-another-type") { ["KeyId"] = "k1", ["Sealed"] = "told-nobody" });
        await _bench.PutAsync(TableNames.ScriptSecrets, new TableEntity(SealingBench.Domain, "d-without") { ["KeyId"] = "k1" });
        await BeginAsync(app);
        await app.Resealer.RunAsync(Stop);

        Assert.Equal((7, (0L, 4L)), (app.Resealed, app.Older));
        Assert.Equal("unreadable", await WordAsync(app));
        await _bench.ReadAllAsync(_bench.Instance("k2"));
        Assert.Equal(
            ["1 rows of table ScriptSecrets cannot be opened: they name key lost", "3 rows of table ScriptSecrets cannot be opened: they name key k1"],
            app.Logs.Snapshot().Where(l => l.Id == 1082).Select(l => l.Text.Trim()).Order());
        Assert.Equal(changed.GetBinary("Sealed"), (await _bench.RowAsync(TableNames.ScriptSecrets, SealingBench.Domain, "b-changed")).GetBinary("Sealed"));
        Assert.DoesNotContain(app.Logs.Snapshot(), l => l.Text.Contains("told-nobody", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "D6: two instances at once seal every row, and it opens")]
    public async Task TwoAtOnce_DoNoHarm()
    {
        var (one, two) = (_bench.Instance("k2", "k1"), _bench.Instance("k2", "k1"));
        await _bench.FillAsync(_bench.Instance("k1"));
        await BeginAsync(one);
        await Task.WhenAll(Task.Run(() => one.Resealer.RunAsync(Stop), Stop), Task.Run(() => two.Resealer.RunAsync(Stop), Stop));
        Assert.Equal(["k2"], await _bench.KeysAsync());
        Assert.Equal(7, one.Resealed + two.Resealed);
        await _bench.ReadAllAsync(_bench.Instance("k2"));
    }

    [Fact(DisplayName = "D6: as long as instances differ about the key no row is touched, and a key is no older for it")]
    public async Task InstancesThatDiffer_TouchNothing()
    {
        var (behind, ahead) = (_bench.Instance("k1", "k2"), _bench.Instance("k2", "k1"));
        await _bench.FillAsync(behind);
        for (var round = 0; round < 3; round++)
        {
            foreach (var one in (SealingInstance[])[behind, ahead])
            {
                await one.Resealer.RunAsync(Stop);
                Assert.Equal(one.Box.KeyId, (await one.States.ReadAsync(Stop)).State!.Key);
            }

            _bench.Clock.Advance(ahead.Resealer.Settle / 2);
        }

        Assert.Equal(["k1"], await _bench.KeysAsync());
        behind.Take("k2", "k1");
        await behind.Resealer.RunAsync(Stop);
        Assert.Equal(["k1"], await _bench.KeysAsync());
        _bench.Clock.Advance(ahead.Resealer.Settle / 2);
        await behind.Resealer.RunAsync(Stop);
        Assert.Equal(["k2"], await _bench.KeysAsync());
    }

    [Fact(DisplayName = "D6: what is done is counted again later, for what was restored; and a count that is old says nothing")]
    public async Task Done_IsCountedAgain()
    {
        var app = _bench.Instance("k2", "k1");
        await WalkAsync(app, "k2", rows: 0);
        await _bench.FillAsync(_bench.Instance("k1"));
        await app.Resealer.RunAsync(Stop);
        Assert.Equal(0, app.Resealed);

        _bench.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal("waiting", await WordAsync(app));
        await app.Resealer.RunAsync(Stop);
        Assert.Equal((7, "done"), (app.Resealed, await WordAsync(app)));
    }

    [Fact(DisplayName = "D6: a walk seals so many rows, counts the others, and the next ones do those")]
    public async Task Walk_IsBounded()
    {
        var app = _bench.Instance("k2", "k1");
        await _bench.FillAsync(_bench.Instance("k1"));
        await BeginAsync(app);
        app.Resealer.MostOfAWalk = 3;
        await app.Resealer.RunAsync(Stop);
        Assert.Equal((3, (4L, 0L), "working"), (app.Resealed, app.Older, await WordAsync(app)));
        await app.Resealer.RunAsync(Stop);
        await app.Resealer.RunAsync(Stop);
        Assert.Equal((7, (0L, 0L), "done"), (app.Resealed, app.Older, await WordAsync(app)));
    }

    /// <summary>Until the next walk touches rows.</summary>
    private async Task BeginAsync(SealingInstance app)
    {
        await app.Resealer.RunAsync(Stop);
        _bench.Clock.Advance(app.Resealer.Settle);
    }

    private async Task WalkAsync(SealingInstance app, string key, int rows)
    {
        var before = app.Resealed;
        await BeginAsync(app);
        Assert.Equal(before, app.Resealed);
        await app.Resealer.RunAsync(Stop);
        Assert.Equal((key, before + rows), ((await app.States.ReadAsync(Stop)).State!.Key, app.Resealed));
    }

    private async Task<string> WordAsync(SealingInstance app) => (await app.States.ReadAsync(Stop)).State!.ViewAt(_bench.Clock.GetUtcNow()).State;
}
