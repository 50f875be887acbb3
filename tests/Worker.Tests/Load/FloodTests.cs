using System.Globalization;
using System.Net;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Load;

/// <summary>One address sends all it can while others talk.</summary>
public sealed class FloodTests
{
    private const int Calls = 100;
    private const int InvitesPerMillisecond = 5;
    private const int GarbagePerMillisecond = 20;
    private const long Datagrams = 100_000; // Four seconds of it, where the machine can.
    private const double Hertz = 440;

    // Fewer than pass by default: also a machine that cannot send as fast reaches it.
    private const int NewRequestsPerSecond = 500;

    // Far above what it takes; the machine has much else to do.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact(DisplayName = "D4: a flood from one address ends no call, costs none a packet, and lets others register and call")]
    public async Task A_flood_disturbs_nobody()
    {
        var more = new Dictionary<string, string?>
        {
            ["Sip__NewRequestsPerSecond"] = NewRequestsPerSecond.ToString(CultureInfo.InvariantCulture),
            // More than a block of test ports has; those that another has are passed over.
            ["Media__FirstPort"] = "52000",
            ["Media__LastPort"] = "54999",
        };
        await using var worker = await LoneWorker.StartAsync(["many", "new"], more);
        using var media = new MediaMeter();
        await using var peer = new AnsweringPeer(worker.PhoneOf("many", 0)) { Media = media };
        await peer.RegisterAsync();
        var calls = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "many", "echo"))));
        foreach (var call in calls) await worker.Functions.EventAsync(call, CallEventType.CallConnected, limit: Limit);
        await UntilAsync(() => media.Echoing == Calls);
        media.Count();

        using var flood = new UdpFlood(IPAddress.Parse("127.0.0.2"), worker.Sip, InvitesPerMillisecond, GarbagePerMillisecond, seed: 1);
        await UntilAsync(() => flood.Sent > Datagrams / 4);
        await using var phone = await Phone.RegisteredAsync(worker.PhoneOf("new", Hertz));
        var added = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "new", "echo"));
        await worker.Functions.EventAsync(added, CallEventType.CallConnected, limit: Limit);
        await (await phone.RingsAsync()).HearsAsync(Hertz);
        await UntilAsync(() => flood.Sent > Datagrams);
        var answers = flood.Stop();
        await media.EndAsync();

        var (sent, back) = media.Total;
        Tell($"{Calls} calls and {flood.Sent / flood.Lasted.TotalSeconds:F0} datagrams/s for {flood.Lasted.TotalSeconds:F1} s: {sent} packets, {sent - back} lost; answers to the flood: {string.Join(", ", answers)}");
        Assert.DoesNotContain(worker.Functions.Events.Snapshot(), e => e.Type == CallEventType.CallEnded);
        Assert.Empty(media.Missing);
        Assert.InRange(sent, Calls, long.MaxValue);
        Assert.InRange(answers.GetValueOrDefault("503 Retry-After"), 1, int.MaxValue);
        // In each second of the worker's as many are answered as may pass, and as many refused; what is wrong gets no more than that.
        Assert.InRange(answers.Values.Sum(), 1, 2 * NewRequestsPerSecond * ((int)flood.Lasted.TotalSeconds + 2));
        Assert.Subset(new HashSet<string> { "503 Retry-After", "404", "400" }, answers.Keys.ToHashSet());
        await worker.Api.HangUpAsync(added);
        foreach (var call in calls) await worker.Api.HangUpAsync(call);
        foreach (var call in calls) Assert.NotNull((await worker.Functions.EndAsync(call, Limit)).ConnectedAt);
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    // Counters of other threads tell nobody when they change.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo()) await pace.WaitForNextTickAsync(limit.Token);
    }
}
