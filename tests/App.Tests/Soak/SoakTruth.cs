using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Tests.Soak;

/// <summary>Holds what the API and subscribers say against what really was.</summary>
internal static class SoakTruth
{
    public static async Task CheckLogAsync(HttpClient client, IReadOnlyList<SoakCall> calls)
    {
        var rows = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/calls?limit=200&cursor={Uri.EscapeDataString(cursor)}");
            foreach (var row in page.GetProperty("calls").EnumerateArray()) rows.Add(row.GetProperty("id").GetString()!, row);
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(calls.Select(c => c.Id.Value).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var call in calls)
            Assert.Equal(
                (call.Id.Value, "ended", call.User, call.Destination, call.Answered ? "answered" : "no-answer", call.StartedAt, call.Events[^1].Time, call.Events.Count, true),
                Said(rows[call.Id.Value]));
        await CheckTimelinesAsync(client, calls);
    }

    /// <param name="ids">As they came, repeats included.</param>
    public static void CheckDelivered(IReadOnlyList<string> ids, IReadOnlyList<SoakCall> calls)
    {
        var byCall = ids.Distinct().ToLookup(id => id[..id.LastIndexOf('.')], StringComparer.Ordinal);
        // By the first time that each came: in order, all of them, none that never was, and so one end.
        foreach (var call in calls) Assert.Equal(call.Events.Select(e => e.Id), byCall[call.Id.Value]);
        Assert.Equal(calls.Count, byCall.Count);
    }

    public static async Task<IReadOnlyList<string>> DeadAsync(HttpClient client)
    {
        var list = await client.GetFromJsonAsync<JsonElement>("/api/webhooks");
        var dead = new List<string>();
        foreach (var webhook in list.GetProperty("webhooks").EnumerateArray())
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/webhooks/{webhook.GetProperty("id").GetString()}/deliveries?status=dead");
            dead.AddRange(page.GetProperty("deliveries").EnumerateArray().Select(d => d.ToString()));
        }

        return dead;
    }

    /// <summary>As the API shows them; of a long call log it is asked for some, since Azurite looks through all events of all calls each time.</summary>
    private static async Task CheckTimelinesAsync(HttpClient client, IReadOnlyList<SoakCall> calls)
    {
        const int asked = 400;
        var each = (calls.Count / asked) + 1;
        await Parallel.ForEachAsync(calls.Where((_, i) => i % each == 0), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (call, stop) =>
        {
            var timeline = await client.GetFromJsonAsync<JsonElement>($"/api/calls/{call.Id}/events", stop);
            Assert.Equal(
                call.Events.Select(e => (e.Id, e.Sequence)),
                timeline.GetProperty("events").EnumerateArray().Select(e => (e.GetProperty("id").GetString()!, e.GetProperty("sequence").GetInt32())));
        });
    }

    /// <summary>All timelines, as they are kept.</summary>
    public static async Task CheckKeptAsync(string storage, IReadOnlyList<SoakCall> calls)
    {
        var kept = new List<string>();
        await foreach (var row in new TableClient(storage, TableNames.CallEvents).QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"]))
            kept.Add($"{row.PartitionKey}|{row.RowKey}");
        var happened = calls.SelectMany(c => c.Events).Select(e => $"{e.Call.Domain}|{e.CallId.Value}|{e.Sequence:D6}");
        Assert.Equal(happened.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    private static (string? Id, string? State, string? User, string? Destination, string? Result, DateTimeOffset Started, DateTimeOffset Ended, int Seen, bool Complete) Said(JsonElement row) =>
        (Text(row, "id"), Text(row, "state"), Text(row, "user"), Text(row, "destination"), Text(row, "result"), row.GetProperty("startedAt").GetDateTimeOffset(),
            row.GetProperty("endedAt").GetDateTimeOffset(), row.GetProperty("eventsSeen").GetInt32(), row.GetProperty("complete").GetBoolean());

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
