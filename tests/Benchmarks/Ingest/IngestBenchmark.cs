using Azure.Storage.Queues;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>Events taken in a second beside an endpoint that only writes the queue, and pages of a long call log.</summary>
internal static class IngestBenchmark
{
    private const int Connections = 16;

    public static async Task<int> RunAsync(string[] args)
    {
        if (AzuriteTool.Missing is { } missing) return Fail(missing);
        var only = Report.Option(args, "--only") ?? "events,query";
        var figures = new List<BenchFigure>();
        if (only.Contains("events", StringComparison.Ordinal)) figures.AddRange(await EventsAsync(Report.Option(args, "--seconds", 2), Report.Option(args, "--rounds", 21)));
        if (only.Contains("query", StringComparison.Ordinal)) figures.AddRange(await QueryBenchmark.RunAsync(Report.Option(args, "--rows", 1_000_000), Report.Option(args, "--queries", 1000)));
        if (Report.Option(args, "--json") is { } file) await Report.WriteJsonAsync(file, figures);
        return 0;
    }

    private static async Task<IReadOnlyList<BenchFigure>> EventsAsync(int seconds, int rounds)
    {
        await using var azurite = new AzuriteFixture();
        await azurite.StartAsync();
        await new QueueClient(azurite.ConnectionString, BareQueue.Queue).CreateIfNotExistsAsync();
        await using var app = await IngestApp.StartAsync(azurite.ConnectionString);
        List<(double PerSecond, double P99)> ours = [], bare = [];
        for (var round = 0; round <= rounds; round++)
        {
            // Short and in turns, each first every other time, so that both meet the same machine; the first round warms both up.
            var first = await LoadAsync(round % 2 == 0 ? app.Client : app.Bare, seconds);
            var second = await LoadAsync(round % 2 == 0 ? app.Bare : app.Client, seconds);
            if (round == 0) continue;
            var (mine, plain) = round % 2 == 0 ? (first, second) : (second, first);
            ours.Add(mine);
            bare.Add(plain);
            Console.WriteLine($"  round {round}: {mine.PerSecond:F0} events/s beside {plain.PerSecond:F0}, p99 {mine.P99:F1} ms beside {plain.P99:F1}");
        }

        var (rate, peerRate) = (Median(ours.Select(o => o.PerSecond)), Median(bare.Select(o => o.PerSecond)));
        var (late, peerLate) = (Median(ours.Select(o => o.P99)), Median(bare.Select(o => o.P99)));
        var ratios = ours.Zip(bare, (o, b) => o.PerSecond / b.PerSecond).Order().ToList();
        Console.WriteLine($"Events taken: {Median(ratios):F2} of the bare endpoint's, by the median of the rounds' ratios ({ratios[0]:F2} to {ratios[^1]:F2})");
        Console.WriteLine($"Medians: {rate:F0}/s beside {peerRate:F0}/s; p99 {late:F1} ms beside {peerLate:F1} ms");
        return
        [
            new BenchFigure("ingest.ratio", Math.Round(Median(ratios), 2), "1"),
            BenchFigure.Beside("ingest.events_per_second", Math.Round(rate), "1/s", "bare endpoint", Math.Round(peerRate)),
            BenchFigure.Beside("ingest.p99_ms", Math.Round(late, 1), "ms", "bare endpoint", Math.Round(peerLate, 1)),
        ];
    }

    private static Task<(double PerSecond, double P99)> LoadAsync(HttpClient client, int seconds) =>
        HttpLoad.RunAsync(client, Connections, TimeSpan.FromSeconds(seconds), n => HttpLoad.Post(Event(n), IngestApp.PbxToken));

    private static string Event(int number) =>
        $$$"""{"id":"bench-{{{number}}}.1","callId":"bench-{{{number}}}","sequence":1,"type":"call.started","time":"{{{TimeProvider.System.GetUtcNow():O}}}","call":{"domain":"{{{IngestApp.Domain}}}","direction":"outbound","user":"101","destination":"+12025550100","startedAt":"{{{TimeProvider.System.GetUtcNow():O}}}"},"worker":"worker-1"}""";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
