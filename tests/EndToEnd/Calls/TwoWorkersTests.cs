using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Calls;

/// <summary>Two workers behind one API, each with some of the phones.</summary>
[Trait("row", "D6")]
public sealed class TwoWorkersTests : IAsyncLifetime
{
    private ClickToDialSuite? _suite;

    private ClickToDialSuite Suite => _suite!;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _suite = await ClickToDialSuite.StartAsync((suite, seed) =>
        {
            suite.HasSecondWorker = true;
            seed.AddUser("near", null, "near");
            seed.AddUser("far", null, "far");
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_suite is not null) await _suite.DisposeAsync();
    }

    [Fact(DisplayName = "D6: a click joins two users whose phones are registered with two workers, and each of them may hang up")]
    public async Task Users_of_two_workers_talk()
    {
        await using var near = await Phone.RegisteredAsync(Suite.PhoneOf("near", 440) with { OnCall = IncomingCall.Answer });
        await using var far = await Phone.RegisteredAsync(Suite.PhoneOf("far", 880) with { OnCall = IncomingCall.Answer, Registrar = Suite.SecondRegistrar });
        await KnowsOfAnotherAsync(Suite.WorkerUrl);
        await KnowsOfAnotherAsync(Suite.SecondWorkerUrl);

        var first = await TalkAsync("near", "far", near, far, 0);
        await first.Far.HangUpAsync();
        Assert.Equal(CallReasons.DestinationHungUp, (await Suite.EndedCallAsync(first.Call)).Text("reason"));

        var second = await TalkAsync("far", "near", far, near, 1);
        await second.Far.HangUpAsync();
        Assert.Equal(CallReasons.DestinationHungUp, (await Suite.EndedCallAsync(second.Call)).Text("reason"));
        Assert.Equal((2, 2), (near.CallCount, far.CallCount));
    }

    private async Task<(CallId Call, PhoneCall Far)> TalkAsync(string from, string to, Phone user, Phone other, int before)
    {
        var call = await Suite.Api.ClickAsync(from, to);
        var (here, there) = (await user.RingsAsync(before), await other.RingsAsync(before));
        await here.HearsAsync(other.Hertz);
        await there.HearsAsync(user.Hertz);
        return (call, there);
    }

    // As the worker says itself; it learns of the other when it next tells the functions where it is.
    private static async Task KnowsOfAnotherAsync(Uri worker)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(Patience.Start);
        while (await UsersElsewhereAsync() == 0) await Task.Delay(100, limit.Token);

        // Whatever its status: it is 503 for a moment where something else of the worker is not there yet.
        async Task<int> UsersElsewhereAsync()
        {
            using var answer = await http.GetAsync(new Uri(worker, "/healthz"), limit.Token);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(limit.Token))!["fellowUsers"]!.GetValue<int>();
        }
    }
}
