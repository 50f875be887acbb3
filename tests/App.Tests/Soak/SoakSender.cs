using System.Net;
using System.Text;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Tests.Soak;

/// <summary>
/// Posts the events of calls as bad days bring them: out of order, twice, in bursts and batches. What is not taken is posted again, as the
/// worker's spool does.
/// </summary>
internal sealed class SoakSender(HttpClient client, Random random)
{
    private const int Window = 60;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte> _taken = new(StringComparer.Ordinal);
    private int _accepted;

    /// <summary>Events taken, repeats included.</summary>
    public int Accepted => _accepted;

    /// <summary>Events taken, each counted once.</summary>
    public int Taken => _taken.Count;

    /// <summary>What posts were answered that were not taken.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, int> Refusals { get; } = new();

    /// <param name="between">Runs between two bursts, with the share of bursts that are done.</param>
    public async Task SendAsync(IReadOnlyList<SoakCall> calls, Func<double, Task> between, CancellationToken stop)
    {
        var posts = Posts(Disorder(calls)).ToList();
        for (var done = 0; done < posts.Count;)
        {
            await between((double)done / posts.Count);
            var burst = posts.Skip(done).Take(random.Next(1, 33)).ToList();
            await Task.WhenAll(burst.Select(p => PostAsync(p, stop)));
            done += burst.Count;
        }
    }

    /// <summary>One event in ten moves by up to so many places, and one in five comes once more.</summary>
    private List<CallEvent> Disorder(IReadOnlyList<SoakCall> calls) =>
    [
        .. calls.SelectMany(c => c.Events)
            .SelectMany(e => random.Next(5) == 0 ? new[] { e, e } : [e])
            .Select((e, i) => (Event: e, Place: i + (random.Next(10) == 0 ? random.Next(Window) : 0)))
            .OrderBy(e => e.Place).Select(e => e.Event),
    ];

    private IEnumerable<CallEvent[]> Posts(List<CallEvent> events)
    {
        for (var at = 0; at < events.Count;)
        {
            var count = random.Next(3) == 0 ? random.Next(2, 20) : 1;
            yield return [.. events.Skip(at).Take(count)];
            at += count;
        }
    }

    private async Task PostAsync(CallEvent[] events, CancellationToken stop)
    {
        var text = events.Length == 1 ? Write(events[0]) : "[" + string.Join(',', events.Select(Write)) + "]";
        while (await TryPostAsync(text, stop) is { } refusal)
        {
            Refusals.AddOrUpdate(refusal, 1, (_, n) => n + 1);
            await Task.Delay(Again, stop);
        }

        Interlocked.Add(ref _accepted, events.Length);
        foreach (var e in events) _taken.TryAdd(e.Id, 0);
    }

    private async Task<string?> TryPostAsync(string text, CancellationToken stop)
    {
        try
        {
            using var content = new StringContent(text, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/webhooks/pbx", content, stop);
            if (answer.StatusCode == HttpStatusCode.Accepted) return null;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            return "503";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return "no answer";
        }
    }

    private static string Write(CallEvent e) => JsonSerializer.Serialize(e, ContractsJson.Default.CallEvent);
}
