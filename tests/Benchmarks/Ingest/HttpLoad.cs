using System.Diagnostics;
using System.Text;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>So many connections, each with one request under way, for so long.</summary>
internal static class HttpLoad
{
    /// <returns>Requests a second, and the time within which 99 of 100 were answered, in ms.</returns>
    public static async Task<(double PerSecond, double P99)> RunAsync(
        HttpClient client, int connections, TimeSpan length, Func<int, HttpRequestMessage> request)
    {
        var (number, began) = (0, Stopwatch.GetTimestamp());
        var each = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var times = new List<double>();
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                var start = Stopwatch.GetTimestamp();
                using var message = request(Interlocked.Increment(ref number));
                using var answer = await client.SendAsync(message);
                if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"It answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                await answer.Content.LoadIntoBufferAsync();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return times;
        })));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var all = each.SelectMany(t => t).Order().ToList();
        return (all.Count / took, all[(int)Math.Ceiling(all.Count * 0.99) - 1]);
    }

    public static HttpRequestMessage Post(string body, string token)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/webhooks/pbx") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        message.Headers.Add("X-Pbx-Token", token);
        return message;
    }
}
