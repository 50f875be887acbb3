using System.Diagnostics;
using Azure.Data.Tables;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>What the storage itself takes: one point read, and one transaction of two rows, with nothing of ours around them.</summary>
internal sealed class RawStorage(TableClient table)
{
    private const int Payload = 600;

    private int _row;

    public static async Task<RawStorage> MakeAsync(string connection)
    {
        var table = new TableClient(connection, "Raw" + Guid.NewGuid().ToString("N")[..8]);
        await table.CreateAsync();
        return new RawStorage(table);
    }

    /// <returns>Milliseconds of one round trip each, the median.</returns>
    public async Task<(double Read, double Write)> MeasureAsync(int rounds)
    {
        var partition = Guid.NewGuid().ToString("N");
        await WriteAsync(partition);
        List<double> reads = [], writes = [];
        for (var i = 0; i < rounds; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await WriteAsync(partition);
            writes.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            began = Stopwatch.GetTimestamp();
            await table.GetEntityAsync<TableEntity>(partition, "head");
            reads.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return (Quantile.Of(reads, 0.5), Quantile.Of(writes, 0.5));
    }

    /// <returns>How often per second so many workers together can make the given round trips, one after the other.</returns>
    public async Task<double> PerSecondAsync(int workers, double reads, double writes, TimeSpan time)
    {
        var (done, began) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;

        async Task WorkAsync()
        {
            var partition = Guid.NewGuid().ToString("N");
            await WriteAsync(partition);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                for (var i = 0; i < (int)Math.Round(writes); i++) await WriteAsync(partition);
                for (var i = 0; i < (int)Math.Round(reads); i++) await table.GetEntityAsync<TableEntity>(partition, "head");
                Interlocked.Increment(ref done);
            }
        }
    }

    private async Task WriteAsync(string partition) => await table.SubmitTransactionAsync(
    [
        new(TableTransactionActionType.UpsertMerge, new TableEntity(partition, "head") { ["State"] = "Running", ["Number"] = _row }),
        new(TableTransactionActionType.UpsertReplace, new TableEntity(partition, $"h{Interlocked.Increment(ref _row):D8}") { ["Text"] = new string('x', Payload) }),
    ]);
}
