using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Outages;

/// <summary>A part is down in the middle of a call: nothing is lost, nothing happens twice (B3).</summary>
public sealed class OutageTests(SuiteFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(90);

    private Phone _caller = null!;

    private ClickToDialSuite Suite => fixture.Product;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _caller = await fixture.PhoneAsync(hertz: 440);
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is null) return;
        await _caller.DisposeAsync();
        // A failed test must not leave the others without a suite.
        await Suite.Azurite.StartAsync();
        if (!Suite.Functions.IsRunning) await Suite.Functions.StartAsync();
        if (!Suite.Worker.IsRunning) await Suite.Worker.StartAsync();
    }

    [Fact]
    public async Task StorageStops_RequestsSaySoAndEventsComeLater()
    {
        var (call, talking) = await TalkAsync();
        await Suite.Azurite.StopAsync();

        var refused = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = _caller.User, ["destination"] = "echo" });
        Assert.Equal((503, "storage-unavailable"), (refused.Status, refused.Reason));
        Assert.NotNull(refused.RetryAfter);
        await talking.HangUpAsync();
        await Suite.Tap.Posts.WaitAsync(
            p => p.Event.CallId == call && p.Event.Type > CallEventType.CallStarted && p.Status == 503, "a refused event");

        await Suite.Azurite.StartAsync();
        await AssertArrivesOnceAndInOrderAsync(call, CallReasons.UserHungUp);
        Assert.Equal(1, _caller.CallCount);
    }

    [Fact]
    public async Task FunctionsStop_CallGoesOnAndEventsComeLater()
    {
        var (call, talking) = await TalkAsync();
        await Suite.Functions.StopAsync();

        await talking.HearsAsync(_caller.Hertz, from: talking.Heard.Count);
        await talking.HangUpAsync();
        await Suite.Tap.Posts.WaitAsync(p => p.Event.CallId == call && p.Status == 0, "an event nobody took");

        await Suite.Functions.StartAsync();
        await AssertArrivesOnceAndInOrderAsync(call, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task FunctionsAreKilled_CallEndsInTheLogAllTheSame()
    {
        var (call, talking) = await TalkAsync();
        await Suite.Functions.KillAsync();
        await talking.HangUpAsync();

        await Suite.Functions.StartAsync();
        await AssertArrivesOnceAndInOrderAsync(call, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task WorkerIsKilled_EachOpenCallEndsExactlyOnce()
    {
        await using var second = await fixture.PhoneAsync(hertz: 500);
        await using var third = await fixture.PhoneAsync(hertz: 600);
        var (talking, _) = await TalkAsync();
        var other = await Suite.Api.ClickAsync(second.User, "milliwatt");
        await (await second.RingsAsync()).AnswerAsync();
        await Suite.Tap.AcceptedAsync(other, CallEventType.CallConnected);
        var ringing = await Suite.Api.ClickAsync(third.User, "echo");
        await third.RingsAsync();
        await Suite.Tap.AcceptedAsync(ringing, CallEventType.LegRinging);

        await Suite.Worker.KillAsync();
        await Suite.Worker.StartAsync();

        foreach (var call in new[] { talking, other, ringing }) await AssertArrivesOnceAndInOrderAsync(call, CallReasons.WorkerLost);
    }

    [Fact]
    public async Task WorkerIsDown_CallsAreRefusedAndNotDialledLater()
    {
        await Suite.Worker.StopAsync();
        var refused = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = _caller.User, ["destination"] = "echo" });

        await Suite.Worker.StartAsync();

        Assert.Equal((503, "worker-unavailable"), (refused.Status, refused.Reason));
        Assert.Equal(0, _caller.CallCount);
    }

    [Fact]
    public async Task WorkerIsStopped_CallsAreDrainedOrEndedWithTheReason()
    {
        var (call, talking) = await TalkAsync();
        await Suite.Worker.StopAsync(Patience.Start);

        Assert.Equal(CallEnd.HungUpByPeer, await talking.EndsAsync());
        await Suite.Worker.StartAsync();
        await AssertArrivesOnceAndInOrderAsync(call, CallReasons.WorkerShutdown);
    }

    [Fact]
    public async Task RegistrationsSurviveARestartOfTheWorker()
    {
        await Suite.Worker.StopAsync();
        await Suite.Worker.StartAsync();

        var call = await Suite.Api.ClickAsync(_caller.User, "echo");
        await (await _caller.RingsAsync()).AnswerAsync();
        await Suite.Api.HangUpAsync(call);
        await Suite.EndedCallAsync(call);
    }

    private async Task<(CallId Call, PhoneCall Talking)> TalkAsync()
    {
        var call = await Suite.Api.ClickAsync(_caller.User, "echo");
        var talking = await _caller.RingsAsync();
        await talking.AnswerAsync();
        await talking.HearsAsync(_caller.Hertz);
        await Suite.Tap.AcceptedAsync(call, CallEventType.CallConnected);
        return (call, talking);
    }

    private async Task AssertArrivesOnceAndInOrderAsync(CallId call, string reason)
    {
        var end = await Suite.Tap.AcceptedAsync(call, CallEventType.CallEnded, limit: AfterOutage);
        Assert.Equal(reason, end.Outcome!.Reason);
        var ended = await Suite.EndedCallAsync(call, AfterOutage);
        Assert.Equal(reason, ended.Text("reason"));
        // What was accepted just before a kill may be posted again, as it was; in the log each event is there once, in order.
        var accepted = Suite.Tap.Accepted(call);
        Assert.All(accepted.GroupBy(e => e.Id), same => Assert.Single(same.Select(e => (e.Sequence, e.Type, e.Time)).Distinct()));
        Assert.Equal(accepted.Select(e => e.Sequence).Order(), accepted.Select(e => e.Sequence));
        var logged = (await Suite.Api.GetEventsAsync(call)).Body!["events"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, logged.Count), logged.Select(e => e!["sequence"]!.GetValue<int>()));
        Assert.Single(logged, e => e!["type"]!.GetValue<string>() == "call.ended");
    }
}
