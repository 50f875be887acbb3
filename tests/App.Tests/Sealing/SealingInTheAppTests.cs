using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Sealing;
using ClickToDial.App.Tests.Hosting.Secrets;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Sealing;

/// <summary>The whole app, whose encryption key is replaced as scripts/rotate does it; no other test uses it.</summary>
[Trait("row", "D6")]
public sealed class SealingInTheAppTests(SecretRig rig) : IClassFixture<SecretRig>
{
    private readonly AppRig _app = rig.App;
    private readonly TestDomain _domain = rig.App.NewDomain();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(DisplayName = "D6, B5: after a new encryption key everything that is stored is sealed with it, and health says when the last one may go")]
    public async Task NewKey_SealsEverything()
    {
        var box = _app.Services.GetRequiredService<SecretBox>();
        rig.Put("directory-encryption-key-a", SecretRig.FirstEncryptionKey);
        await _app.Services.GetRequiredService<ScriptSecrets>().SetAsync(_domain.Name, "crm", "script-secret", Stop);
        await _domain.SubscribeAsync(new Uri("http://127.0.0.1:9/hook"));

        rig.Put("directory-encryption-key-b", "newest:" + new string('d', 64));
        await _app.UntilAsync(() => Task.FromResult(box.Knows("newest") ? "" : null), "the newest key is known");
        rig.Put("directory-encryption-key", "newest:" + new string('d', 64));
        await _app.UntilAsync(() => Task.FromResult(box.KeyId == "newest" ? "" : null), "the newest key seals");

        await ResealAsync();
        Assert.Equal(("newest", "waiting"), await HealthAsync());
        Assert.Contains("test", await KeysAsync());
        await SettleAsync();
        await ResealAsync();
        Assert.Equal(("newest", "done"), await HealthAsync());
        Assert.Equal(["newest"], await KeysAsync());
        Assert.Equal("script-secret", await _app.Services.GetRequiredService<ScriptSecrets>().GetAsync(_domain.Name, "crm", Stop));
        Assert.NotEmpty((await _app.Services.GetRequiredService<IDirectoryReader>().GetAsync(Stop)).Snapshot.Domains[0].Users[0].Devices);
    }

    private Task ResealAsync() => _app.Services.GetRequiredService<Resealer>().RunAsync(Stop);

    /// <summary>As if the key had been seen long ago.</summary>
    private async Task SettleAsync()
    {
        var states = _app.Services.GetRequiredService<SealingStates>();
        var (state, tag) = await states.ReadAsync(Stop);
        Assert.True(await states.TryWriteAsync(state! with { Since = state.Since - _app.Services.GetRequiredService<Resealer>().Settle }, tag, Stop));
    }

    private async Task<(string? Key, string? State)> HealthAsync()
    {
        var sealing = (await _domain.GetAsync("/healthz")).Json.GetProperty("sealing");
        return (sealing.GetProperty("key").GetString(), sealing.GetProperty("state").GetString());
    }

    /// <summary>Keys that any column of any table names; a column that nothing seals again fails.</summary>
    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        var known = _app.Services.GetServices<SealedTable>().SelectMany(t => t.KeyColumns.Select(c => (t.Name, c))).ToHashSet();
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in TableNames.All)
            await foreach (var row in new TableClient(_app.Azurite.ConnectionString, table).QueryAsync<TableEntity>(cancellationToken: Stop))
                foreach (var column in row.Keys.Where(name => name.EndsWith("KeyId", StringComparison.Ordinal)))
                {
                    Assert.Contains((table, column), known);
                    keys.Add(row.GetString(column));
                }

        return [.. keys];
    }
}
