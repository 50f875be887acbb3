using System.Diagnostics;
using Azure.Data.Tables;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>What the storage itself takes: one point read, and one transaction of two rows, with nothing of ours around them.</summary>
internal sealed class RawStorage(TableClient table)
{
    private const int Payload = 600;

    private readonly string _alone = Guid.NewGuid().ToString("N");
    private int _row;

    public static async Task<RawStorage> MakeAsync(string connection)
    {
        var table = new TableClient(connection, "Raw" + Guid.NewGuid().ToString("N")[..8]);
        await table.CreateAsync();
        return new RawStorage(table);
    }

    /// <returns>Milliseconds of so many round trips, one after the other.</returns>
    public async Task<double> MeasureAsync(int reads, int writes)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < writes; i++) await WriteAsync(_alone);
        for (var i = 0; i < reads; i++) await table.GetEntityAsync<TableEntity>(_alone, "head");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
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
