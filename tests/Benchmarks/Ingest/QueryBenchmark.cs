using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Azure.Tables;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>Pages of the call log of a domain with a million calls, beside the bare query of the same rows.</summary>
internal static class QueryBenchmark
{
    private const int WarmUp = 100;

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(int calls, int queries)
    {
        await using var azurite = new AzuriteFixture();
        await azurite.StartAsync();
        await using var tables = new LargeTables(azurite.TableEndpoint);
        var log = LongCallLog.Of(IngestApp.Domain, calls);
        tables.Add(TableNames.Calls, log);
        await tables.StartAsync();
        var storage = azurite.ConnectionStringWith(tables.Endpoint);
        await using var app = await IngestApp.StartAsync(storage);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {calls} calls are {log.Count} rows of the call log"));
        var load = new PageLoad(app.Client, new TableClient(storage, TableNames.Calls), calls);
        List<double> ours = [], bare = [];
        var reads = new LargeReads(0, 0, 0);
        for (var i = 0; i < WarmUp + queries; i++)
        {
            // In turns, each first every other time, so that both meet the same machine.
            var what = load.Any();
            var early = i % 2 == 0 ? await load.AskBareAsync(what) : 0;
            var before = tables.Reads;
            var mine = await load.AskAsync(what);
            var read = tables.Reads - before;
            var plain = i % 2 == 0 ? early : await load.AskBareAsync(what);
            if (i < WarmUp) continue;
            ours.Add(mine);
            bare.Add(plain);
            reads = new LargeReads(reads.Requests + read.Requests, reads.Given + read.Given, reads.Looked + read.Looked);
        }

        return Tell(calls, ours, bare, reads);
    }

    private static BenchFigure[] Tell(int calls, List<double> ours, List<double> bare, LargeReads reads)
    {
        ours.Sort();
        bare.Sort();
        Console.WriteLine($"A page of {PageLoad.Page} of one user within three days, of {calls} calls, {ours.Count} times beside the bare query of the same rows:");
        Report.Print(
        [
            ["", "ours", "bare", "ratio"],
            .. new[] { 0.5, 0.9, 0.99 }.Select(q => new[]
            {
                $"p{q * 100:F0} ms", Report.Number(At(ours, q), 2), Report.Number(At(bare, q), 2), Report.Number(At(ours, q) / At(bare, q), 2),
            }),
        ]);
        Console.WriteLine($"For each page of ours {(double)reads.Requests / ours.Count:F2} requests to the table, {(double)reads.Given / ours.Count:F2} rows given and {(double)reads.Looked / ours.Count:F2} looked at");
        return
        [
            BenchFigure.Beside("query.p99_ms", Math.Round(At(ours, 0.99), 2), "ms", "bare query", Math.Round(At(bare, 0.99), 2)),
            BenchFigure.Beside("query.p50_ms", Math.Round(At(ours, 0.5), 2), "ms", "bare query", Math.Round(At(bare, 0.5), 2)),
            new BenchFigure("query.rows_read", (double)reads.Looked / ours.Count, "1"),
        ];
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling(sorted.Count * share) - 1];
}
