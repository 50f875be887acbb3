using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Azure.Tables;

namespace ClickToDial.TestKit.Tests.Azure;

/// <summary>The peer for large tables answers as Azurite does, and has Azurite answer the rest.</summary>
public sealed class LargeTablesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string Name = "Rows";
    private static readonly string[] Partitions = ["", "a", "a|b", "it's"];
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];
    private static readonly LargeKey[] Keys = [.. Partitions.SelectMany(p => Enumerable.Range(0, 60).Select(i => new LargeKey(p, Row(i)))).Order(LargeKey.Order)];
    private readonly LargeTable _table = new(
        Keys.Length,
        place => Keys[place],
        key => new Dictionary<string, object>
        {
            ["Text"] = key.Row + " \"\u00e9\"",
            ["Whole"] = key.Row.Length,
            ["Real"] = 65.0,
            ["Long"] = 1L << 40,
            ["Yes"] = true,
            ["Time"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_AreAzurites()
    {
        AzuriteFixture.SkipIfMissing();
        var real = new TableClient(azurite.ConnectionString, Name);
        await real.CreateAsync(Stop);
        await FillAsync(real);
        await using var peer = new LargeTables();
        peer.Add(Name, _table);
        await peer.StartAsync();
        var ours = new TableClient(Connection(peer), Name);
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var filter = Filter(random);
            int? size = random.Next(3) == 0 ? null : random.Next(1, 50);
            string[]? select = random.Next(3) == 0 ? ["PartitionKey", "RowKey", "Real"] : null;

            Assert.Equal(await ReadAsync(real, filter, size, select), await ReadAsync(ours, filter, size, select));
        }
    }

    [Fact]
    public async Task RowsAreFoundByTheirKeys()
    {
        await using var peer = new LargeTables();
        peer.Add(Name, _table);
        await peer.StartAsync();

        var rows = await ReadAsync(new TableClient(Connection(peer), Name), $"PartitionKey eq 'a' and RowKey gt '{Row(10)}' and RowKey le '{Row(30)}'", 8, null);

        Assert.Equal(20, rows.Count);
        // Two pages of eight and one of four.
        Assert.Equal(new LargeReads(3, 20, 20), peer.Reads);
    }

    [Fact]
    public async Task EverythingElse_IsAzurites()
    {
        AzuriteFixture.SkipIfMissing();
        await using var peer = new LargeTables(azurite.TableEndpoint);
        peer.Add(Name, _table);
        await peer.StartAsync();
        var other = new TableClient(Connection(peer), "Others");

        await other.CreateAsync(Stop);
        await FillAsync(other);

        Assert.Equal(_table.Count, (await ReadAsync(new TableClient(azurite.ConnectionString, "Others"), null, null, null)).Count);
        var row = (await other.GetEntityAsync<TableEntity>("it's", Row(3), cancellationToken: Stop)).Value;
        await other.UpdateEntityAsync(row, row.ETag, cancellationToken: Stop);
        var late = await Assert.ThrowsAsync<RequestFailedException>(() => other.UpdateEntityAsync(row, row.ETag, cancellationToken: Stop));
        Assert.Equal(412, late.Status);
    }

    [Theory]
    [InlineData("PartitionKey eq 'a' or RowKey eq 'b'")]
    [InlineData("Whole eq 7")]
    [InlineData("PartitionKey eq 'a' and")]
    public async Task OtherFilters_AreRefused(string filter)
    {
        await using var peer = new LargeTables();
        peer.Add(Name, _table);
        await peer.StartAsync();

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(new TableClient(Connection(peer), Name), filter, null, null));

        Assert.Equal(501, refused.Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(1001)]
    public void LongCallLog_HasTwoRowsOfEachCallInOrder(int calls)
    {
        var log = LongCallLog.Of("d1.test", calls);
        LargeKey[] keys = [.. Enumerable.Range(0, log.Count).Select(log.KeyAt)];
        Assert.All(keys.Zip(keys.Skip(1)), pair => Assert.True(LargeKey.Order.Compare(pair.First, pair.Second) < 0, $"{pair.Second} comes after {pair.First}."));
        var ids = Enumerable.Range(0, calls).Select(LongCallLog.IdOf).Order(StringComparer.Ordinal).ToList();
        foreach (var kind in new[] { "c|", "u|" })
            Assert.Equal(ids, keys.Where(key => key.Row.StartsWith(kind, StringComparison.Ordinal)).Select(key => key.Row[(key.Row.LastIndexOf('|') + 1)..]).Order(StringComparer.Ordinal));
    }

    private string Connection(LargeTables peer) => azurite.ConnectionStringWith(peer.Endpoint);

    private async Task FillAsync(TableClient table)
    {
        foreach (var partition in Partitions)
            await table.SubmitTransactionAsync(
                Enumerable.Range(0, 60).Select(i => new TableTransactionAction(TableTransactionActionType.Add, Entity(new LargeKey(partition, Row(i))))), Stop);
    }

    private TableEntity Entity(LargeKey key)
    {
        var entity = new TableEntity(key.Partition, key.Row);
        foreach (var (name, value) in _table.ColumnsOf(key)) entity[name] = value;
        return entity;
    }

    private static async Task<List<string>> ReadAsync(TableClient table, string? filter, int? size, string[]? select)
    {
        var rows = new List<string>();
        await foreach (var page in table.QueryAsync<TableEntity>(filter, size, select, Stop).AsPages())
            rows.AddRange(page.Values.Select(e => string.Join(';', e.Where(c => c.Key is not ("odata.etag" or "Timestamp")).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}/{c.Value?.GetType().Name}"))));
        return rows;
    }

    private static string Filter(Random random)
    {
        var parts = new List<string>();
        if (random.Next(4) > 0) parts.Add($"PartitionKey {(random.Next(2) == 0 ? "eq" : Any(random))} '{Partitions[random.Next(Partitions.Length)].Replace("'", "''", StringComparison.Ordinal)}'");
        for (var i = random.Next(3); i > 0; i--) parts.Add($"RowKey {Any(random)} '{Row(random.Next(-1, 61))}{(random.Next(3) == 0 ? "~" : "")}'");
        return string.Join(" and ", parts);
    }

    private static string Any(Random random) => Comparisons[random.Next(Comparisons.Length)];

    private static string Row(int number) => "r|" + number.ToString("D3", CultureInfo.InvariantCulture) + (number % 2 == 0 ? "A" : "z");
}
