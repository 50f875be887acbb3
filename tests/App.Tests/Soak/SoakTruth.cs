using System.Net.Http.Json;
using System.Text.Json;

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
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (call, stop) =>
        {
            var timeline = await client.GetFromJsonAsync<JsonElement>($"/api/calls/{call.Id}/events", stop);
            Assert.Equal(
                call.Events.Select(e => (e.Id, e.Sequence)),
                timeline.GetProperty("events").EnumerateArray().Select(e => (e.GetProperty("id").GetString()!, e.GetProperty("sequence").GetInt32())));
        });
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

    private static (string? Id, string? State, string? User, string? Destination, string? Result, DateTimeOffset Started, DateTimeOffset Ended, int Seen, bool Complete) Said(JsonElement row) =>
        (Text(row, "id"), Text(row, "state"), Text(row, "user"), Text(row, "destination"), Text(row, "result"), row.GetProperty("startedAt").GetDateTimeOffset(),
            row.GetProperty("endedAt").GetDateTimeOffset(), row.GetProperty("eventsSeen").GetInt32(), row.GetProperty("complete").GetBoolean());

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
