using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Calls;
using ClickToDial.TestKit.Azure.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Calls;

/// <summary>
/// Reads of a call log of a million calls. Azurite cannot keep it, so its rows are in a peer that counts what is asked of it (see
/// <see cref="LargeTables"/>).
/// </summary>
public sealed class LongCallLogTests(AppRig app) : IAsyncLifetime
{
    private const int Calls = 1_000_000;
    private const string Domain = "long.test";
    private readonly LargeTables _tables = new();
    private TableCallStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _tables.Add(TableNames.Calls, LongCallLog.Of(Domain, Calls));
        await _tables.StartAsync();
        var options = new StorageOptions { ConnectionString = app.Azurite.ConnectionStringWith(_tables.Endpoint) };
        var metrics = app.Services.GetRequiredService<AppMetrics>();
        _store = new TableCallStore(new StorageClients(options, metrics, TimeProvider.System), metrics, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    /// <summary>Anywhere in the log: a page is one request, and storage has no row to look at that is not shown.</summary>
    [Fact]
    public async Task Page_ReadsTheRowsItReturnsAndNoOther()
    {
        foreach (var number in new[] { 0, 499_990, 995_000 })
        {
            var from = LongCallLog.Start.AddMinutes(number);
            var query = new CallQuery(Domain, 100, From: from, To: from.AddDays(3)) { Users = [LongCallLog.UserOf(7)] };

            var first = await ReadAsync(query);
            var second = await ReadAsync(query with { After = first.Next });
            var last = await ReadAsync(query with { After = second.Next });

            // Three days are 4320 calls, 216 of each user.
            Assert.Equal((100, 100, 16, (string?)null), (first.Calls.Count, second.Calls.Count, last.Calls.Count, last.Next));
            Assert.Equal(Expected(number), [.. first.Calls.Concat(second.Calls).Concat(last.Calls).Select(c => c.CallId.Value)]);
        }

        var all = await ReadAsync(new CallQuery(Domain, 100, From: LongCallLog.Start, To: LongCallLog.Start.AddDays(300)));
        var newest = (300 * 24 * 60) - 1;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => LongCallLog.IdOf(newest - i)), all.Calls.Select(c => c.CallId.Value));
    }

    private async Task<CallPage> ReadAsync(CallQuery query)
    {
        var before = _tables.Reads;
        var page = await _store.ListAsync(query, TestContext.Current.CancellationToken);
        Assert.Equal(new LargeReads(1, page.Calls.Count, page.Calls.Count), _tables.Reads - before);
        return page;
    }

    /// <summary>The calls of the user within the three days, newest first.</summary>
    private static IEnumerable<string> Expected(int number) =>
        Enumerable.Range(number, 4320).Where(n => n % LongCallLog.Users == 7).Reverse().Select(LongCallLog.IdOf);
}
