using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>Fills the call log, 100 rows a transaction, and goes on where an earlier run has ended.</summary>
internal sealed class CallRows(string storage)
{
    private const int CallsAtOnce = 50;
    private const int Users = 20;

    /// <summary>Of the first call; each next one is a minute later.</summary>
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TableClient _calls = new(storage, TableNames.Calls);

    public static string UserOf(int number) => (101 + (number % Users)).ToString(CultureInfo.InvariantCulture);

    public async Task FillAsync(int count)
    {
        var have = await HaveAsync(count);
        for (var at = have; at < count; at += CallsAtOnce)
        {
            var calls = Enumerable.Range(at, Math.Min(CallsAtOnce, count - at));
            await _calls.SubmitTransactionAsync(calls.SelectMany(Rows).Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)));
            if (at / CallsAtOnce % 200 == 0) Console.WriteLine($"  {at} of {count} calls in the log");
        }
    }

    /// <summary>How many are there: calls are written in the order of their numbers.</summary>
    private async Task<int> HaveAsync(int count)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var found = await _calls.GetEntityIfExistsAsync<TableEntity>(IngestApp.Domain, Key(middle), ["RowKey"]);
            if (found.HasValue) low = middle + 1;
            else high = middle;
        }

        return low / CallsAtOnce * CallsAtOnce;
    }

    private static string Key(int number) => $"c|{Inverted(number)}|bench-{number}";

    // Newest first. Should rows be kept otherwise one day, the pages come back empty and the benchmark fails.
    private static string Inverted(int number) =>
        (DateTimeOffset.MaxValue.UtcTicks - Start.AddMinutes(number).UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static IEnumerable<TableEntity> Rows(int number)
    {
        yield return Row(number, Key(number));
        yield return Row(number, $"u|{UserOf(number)}|{Inverted(number)}|bench-{number}");
    }

    private static TableEntity Row(int number, string key)
    {
        var began = Start.AddMinutes(number);
        return new TableEntity(IngestApp.Domain, key)
        {
            ["CallId"] = $"bench-{number}",
            ["Direction"] = "outbound",
            ["User"] = UserOf(number),
            ["Destination"] = $"+1202555{number % 10_000:D4}",
            ["State"] = "ended",
            ["StartedAt"] = began,
            ["ConnectedAt"] = began.AddSeconds(5),
            ["EndedAt"] = began.AddSeconds(65),
            ["TotalSeconds"] = 65.0,
            ["TalkSeconds"] = 60.0,
            ["Result"] = "answered",
            ["Reason"] = "user-hung-up",
            ["SipStatus"] = 200,
            ["DevicesRung"] = "[\"101\"]",
            ["AnsweredDevice"] = "101",
            ["Legs"] = """[{"legId":"u1","role":"user","device":"101","media":{"codec":"PCMA","packetsReceived":3000,"packetsSent":3000,"packetsLost":1,"jitterMilliseconds":0.5}}]""",
            ["Worker"] = "worker-1",
            ["Seen"] = "1-5",
            ["EndSequence"] = 5,
        };
    }
}
