using System.Diagnostics;
using System.Globalization;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.App.Tests.Soak;

/// <summary>
/// Many events on a bad day: twice, out of order, in bursts, while Azurite, the functions and a subscriber end in the middle. Afterwards
/// the call log is what really was, and each subscriber knows it (D2, B3, B4, P5, P6). <c>./dev soak ingest</c> runs it with 50,000 events,
/// set by CTD_SOAK_EVENTS.
/// </summary>
public sealed class IngestSoakTests(ITestOutputHelper output)
{
    private const double EventsPerCall = (0.7 * 5) + (0.3 * 3);

    private static int Events =>
        int.TryParse(Environment.GetEnvironmentVariable("CTD_SOAK_EVENTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var events) ? events : 400;

    /// <summary>So many events are under way at most. Azurite sorts all messages it has at each request to a queue.</summary>
    private const int MostUnderWay = 150;

    /// <summary>For what is under way to arrive: retries after 5 seconds, messages that died with the functions after 30, and pauses of the breaker.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task LogIsTheTruthAndSubscribersKnowItInOrder()
    {
        AzuriteFixture.SkipIfMissing();
        var random = new Random(20261121);
        var calls = Enumerable.Range(1, (int)Math.Ceiling(Events / EventsPerCall)).Select(i => SoakCall.Make(i, random, TimeProvider.System.GetUtcNow())).ToList();
        var count = calls.Sum(c => c.Events.Count);
        await using var suite = await SoakSuite.StartAsync();
        var clock = Stopwatch.StartNew();
        var sender = new SoakSender(suite.Client, random);
        var mishaps = new Queue<(double At, string What, Func<Task> Do)>(
        [
            (0.15, "the functions are killed", async () => { await suite.App.KillAsync(); await suite.App.StartAsync(); }),
            (0.3, "Azurite ends and comes back", async () => { await suite.Azurite.StopAsync(); await suite.Azurite.StartAsync(); }),
            (0.5, "Azurite is killed", suite.KillAzuriteAsync),
            (0.65, "a subscriber is killed", async () => { await suite.Subscribers[0].KillAsync(); await suite.Subscribers[0].StartAsync(); }),
            (0.8, "the functions are killed again", async () => { await suite.App.KillAsync(); await suite.App.StartAsync(); }),
        ]);
        var mishap = Task.CompletedTask;
        var told = 0.1;

        await sender.SendAsync(calls, Between, TestContext.Current.CancellationToken);
        // Few posts may be through before their time comes: what they brought is still under way.
        while (mishaps.Count > 0) await NextMishapAsync();
        await mishap;
        Say($"{count} events of {calls.Count} calls sent, {sender.Accepted} with repeats; not taken at first: {string.Join(", ", sender.Refusals.Select(r => $"{r.Value} {r.Key}"))}");
        await ArrivedAsync(count);
        Say($"{count / clock.Elapsed.TotalSeconds:F0} events/s to two subscribers, mishaps and all");
        Say($"delivered: {string.Join(" and ", suite.Subscribers.Select(s => $"{s.Ids.Count} requests for {s.Distinct} events"))}");

        await SoakTruth.CheckLogAsync(suite.Client, calls);
        await SoakTruth.CheckKeptAsync(suite.Azurite.ConnectionString, calls);
        foreach (var subscriber in suite.Subscribers) SoakTruth.CheckDelivered(subscriber.Ids.Snapshot(), calls);
        Assert.Empty(await SoakTruth.DeadAsync(suite.Client));
        Say("the call log is the truth, and both subscribers know it in order");

        async Task ArrivedAsync(int events)
        {
            foreach (var subscriber in suite.Subscribers)
                await subscriber.Ids.WaitForAsync(() => Task.FromResult(subscriber.Distinct >= events ? subscriber : null), $"{events} events", Drain);
        }

        async Task Between(double share)
        {
            await ArrivedAsync(sender.Taken - MostUnderWay);
            for (; share >= told; told += 0.1) Say($"{told:P0} of the posts are through");
            // The next one begins while events go on, and never before the one before it is over.
            if (mishaps.TryPeek(out var next) && share >= next.At && mishap.IsCompleted) await NextMishapAsync();
        }

        async Task NextMishapAsync()
        {
            await mishap;
            var (_, what, begin) = mishaps.Dequeue();
            Say(what);
            mishap = begin();
        }

        void Say(string what) => output.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {what}");
    }
}
