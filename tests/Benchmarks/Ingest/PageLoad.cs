using System.Diagnostics;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.TestKit.Azure.Tables;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>Asks for pages of a long call log, of the functions and bare of the table service.</summary>
internal sealed class PageLoad(HttpClient client, TableClient table, int calls)
{
    public const int Page = 100;

    /// <summary>A page of 100 for one user within so long.</summary>
    private static readonly TimeSpan Range = TimeSpan.FromDays(3);

    private readonly Random _random = new(20261121);

    /// <summary>Some user, and a range that holds more than a page of that user's calls.</summary>
    public (string User, DateTimeOffset From) Any() =>
        (LongCallLog.UserOf(_random.Next(LongCallLog.Users)), LongCallLog.Start.AddMinutes(_random.Next(calls - (int)Range.TotalMinutes)));

    /// <returns>How long it took, in ms.</returns>
    public async Task<double> AskAsync((string User, DateTimeOffset From) what)
    {
        var (user, from) = what;
        var path = $"/api/calls?user={user}&from={from:yyyy-MM-ddTHH:mm:ssZ}&to={from + Range:yyyy-MM-ddTHH:mm:ssZ}&limit={Page}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", IngestApp.Key);
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return JsonElement.Parse(body).TryGetProperty("calls", out var rows) ? Whole(rows.GetArrayLength(), took) : throw new InvalidOperationException($"It answered {(int)answer.StatusCode}.");
    }

    /// <summary>The same rows by the one query that finds them, with the SDK that the functions have.</summary>
    /// <returns>How long it took, in ms.</returns>
    public async Task<double> AskBareAsync((string User, DateTimeOffset From) what)
    {
        var (user, from) = what;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {IngestApp.Domain} and RowKey gt {LongCallLog.After(user, from + Range)} and RowKey lt {LongCallLog.After(user, from)}");
        var began = Stopwatch.GetTimestamp();
        await foreach (var page in table.QueryAsync<TableEntity>(filter, Page).AsPages()) return Whole(page.Values.Count, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        throw new InvalidOperationException("There was no page.");
    }

    private static double Whole(int got, double took) => got == Page ? took : throw new InvalidOperationException($"A page had {got} calls and not {Page}.");
}
