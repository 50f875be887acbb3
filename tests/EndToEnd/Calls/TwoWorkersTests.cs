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
        await KnowsOfAnotherAsync(Suite.Worker);
        await KnowsOfAnotherAsync(Suite.SecondWorker!);

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

    // The worker learns of the other when it next tells the functions where it is, and then who is registered there.
    private static Task<string> KnowsOfAnotherAsync(SuitePart worker) => worker.Output.WaitAsync(
        line => line.Contains("The first registrations at the worker at", StringComparison.Ordinal), "that it knows of the other's phone", Patience.Start);
}
