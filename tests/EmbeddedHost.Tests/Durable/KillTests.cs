using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>
/// A host that is killed again and again while it runs chains of activities, timers, sub-orchestrations, events, fan-outs and
/// ContinueAsNew. The moments are requests to storage: just before one, or just after its answer. Every other life keeps waiting code in
/// memory: what one has begun the other goes on with.
/// </summary>
public sealed class KillTests(AzuriteFixture azurite)
{
    private const string Expected = "\"0a 0b go 0c 0d 1a 1b go 1c 1d \"";
    private const int EffectsOfAChain = 8;

    private static readonly int Chains = Setting("KILL_TEST_CHAINS", 15);
    private static readonly int Lives = Setting("KILL_TEST_LIVES", 12);
    private static readonly int Seed = Setting("KILL_TEST_SEED", 4711);

    [Fact]
    public async Task KilledAtRandomMoments_EveryChainEndsAsWithoutKills_AndEveryEffectIsDoneOnce()
    {
        AzuriteFixture.SkipIfMissing();
        var table = new TableClient(azurite.ConnectionString, "Effects" + Guid.NewGuid().ToString("N")[..12]);
        await table.CreateAsync();
        var root = Directory.CreateTempSubdirectory("durable-host-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(root.FullName, "host.json"),
                $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{DurableRig.NewHub()}}" } } }""");
            var (kills, repeated) = await KillOverAndOverAsync(root.FullName, table.Name);
            var last = await LiveAsync(root.FullName, table.Name, moment: 0);
            Assert.Contains("all ended", last);
            Assert.Equal(
                Enumerable.Range(0, Chains).Select(i => $"ended chain-{i} Completed {Expected}"),
                last.Where(l => l.StartsWith("ended", StringComparison.Ordinal)).Select(l => l.TrimEnd()));
            await AssertEffectsAsync(table);
            Assert.True(kills > Lives / 2, $"Only {kills} of {Lives} lives were ended by a kill.");
            TestContext.Current.SendDiagnosticMessage($"{kills} kills, {repeated} activities ran again after their effect.");
        }
        finally
        {
            root.Delete(recursive: true);
            await table.DeleteAsync();
        }
    }

    private async Task<(int Kills, int Repeated)> KillOverAndOverAsync(string root, string table)
    {
        var random = new Random(Seed);
        var (kills, repeated) = (0, 0);
        for (var life = 0; life < Lives; life++)
        {
            var said = await LiveAsync(root, table, random.Next(10, 30 * Chains), keepsCode: life % 2 == 1);
            repeated += said.Count(l => l.StartsWith("had done", StringComparison.Ordinal));
            if (!said.Contains("all ended")) kills++;
        }
        return (kills, repeated);
    }

    /// <summary>One life of the host, to its end by itself or by its own hand.</summary>
    private async Task<IReadOnlyList<string>> LiveAsync(string root, string table, int moment, bool keepsCode = false)
    {
        string[] arguments =
        [
            ProgramPath(), root, azurite.ConnectionString, table,
            Chains.ToString(CultureInfo.InvariantCulture), moment.ToString(CultureInfo.InvariantCulture),
        ];
        await using var host = ChildProcess.Start(new ChildProcessOptions(
            "durable host", "dotnet", arguments,
            Environment: new Dictionary<string, string?> { ["AzureFunctionsJobHost__extensions__durableTask__extendedSessionsEnabled"] = keepsCode ? "true" : "false" }));
        var code = await host.ExitAsync(TimeSpan.FromMinutes(3));
        var died = moment > 0 && code == 128 + (int)ProcessSignal.Kill;
        Assert.True(code == 0 || died, $"It ended with {code}. {host.LastOutput()}");
        return host.Output.Snapshot();
    }

    private static async Task AssertEffectsAsync(TableClient table)
    {
        var done = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>()) done.Add(row);
        Assert.Equal(Chains * EffectsOfAChain, done.Count);
        Assert.All(
            done.GroupBy(row => row.PartitionKey),
            chain => Assert.Equal(["0a", "0b", "0c", "0d", "1a", "1b", "1c", "1d"], chain.Select(row => row.GetString("Text")).Order()));
    }

    /// <summary>Beside this test's own output folder, in the same configuration.</summary>
    private static string ProgramPath() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace("EmbeddedHost.Tests", "DurableHost", StringComparison.Ordinal), "ClickToDial.DurableHost.dll"));

    /// <summary>For longer runs by hand.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
