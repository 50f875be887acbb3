using System.Net;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class FailureTests : FlowTest
{
    [Fact]
    public async Task Worker_that_dies_with_a_call_up_closes_it_when_it_is_back_and_still_knows_its_phones()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var command = WorkerRig.Command(Number);
        var id = await OriginateAsync(command);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.KillWorkerAsync();
        await Rig.StartWorkerAsync();

        var ended = await Rig.Functions.EndAsync(id);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.WorkerLost), ended.Outcome);
        using var again = await Rig.Api.PutAsync(id, command with { RingTimeoutSeconds = 10 });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, phone.CallCount);

        var next = await OriginateAsync(command);
        await Rig.Functions.EventAsync(next, CallEventType.CallConnected);
        Assert.Equal(2, phone.CallCount);
        // What was accepted in the moment of the crash is told once more, under the id it had: the receiver knows it by that.
        var events = Rig.Functions.Events.Snapshot().Where(told => told.CallId == id).ToList();
        var once = events.DistinctBy(told => told.Id).ToList();
        Assert.Equal(Enumerable.Range(1, once.Count), once.Select(told => told.Sequence));
        Assert.All(events, told => Assert.Equal(CallEvent.IdFor(id, told.Sequence), told.Id));
        Assert.Single(once, told => told.Type == CallEventType.CallEnded);
    }

    [Fact]
    public async Task Functions_that_are_down_during_a_call_learn_of_it_later_in_order_and_once()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        Rig.Functions.RefuseWith(503);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await (await trunk.RingsAsync()).HearsAsync(400);
        await Rig.Api.HangUpAsync(id);
        Assert.Empty(Rig.Functions.Events.Snapshot());

        Rig.Functions.RefuseWith(null);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Draining_worker_lets_calls_end_and_takes_no_new_ones()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        var drained = Rig.Server.DrainAsync(CancellationToken.None);
        Assert.False(drained.IsCompleted);
        using var refused = await Rig.Api.PutAsync(TestKit.Peers.WorkerClient.NewCallId(), WorkerRig.Command(Number));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var health = await Rig.Api.HealthAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using var live = await Rig.Api.HealthAsync("/healthz/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        await (await phone.RingsAsync()).HangUpAsync();
        await drained.WaitAsync(Patience.Limit);
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Stopping_worker_hangs_up_what_is_left_and_says_so()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Server.StopAsync(CancellationToken.None).WaitAsync(Patience.Limit);
        Assert.Equal(CallEnd.HungUpByPeer, await (await phone.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.WorkerShutdown);
    }

    [Fact]
    public async Task Call_that_ended_before_a_restart_is_not_made_again_by_the_same_command()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Busy);
        var command = WorkerRig.Command("echo");
        var id = await OriginateAsync(command);
        await EndsAsync(id, CallResult.Busy, CallReasons.UserBusy, 486);
        // Twice: the first restart may still find the events, the second only what was carried over.
        for (var i = 0; i < 2; i++)
        {
            await Rig.KillWorkerAsync();
            await Rig.StartWorkerAsync();
        }
        using var again = await Rig.Api.PutAsync(id, command);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, phone.CallCount);
    }

    [Fact]
    public async Task Command_that_comes_after_its_time_limit_rings_nobody()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var late = WorkerRig.Command("echo") with { NotAfter = DateTimeOffset.UnixEpoch };
        using var refused = await Rig.Api.PutAsync(TestKit.Peers.WorkerClient.NewCallId(), late);
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
        Assert.Contains(Contracts.Control.WorkerProblemReasons.TooLate, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, phone.CallCount);
    }

    [Fact]
    public async Task Worker_whose_media_died_tells_the_end_of_its_calls_takes_no_new_ones_and_asks_for_a_restart()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Server.Media.DisposeAsync();

        await Rig.Server.Broken.WaitAsync(Patience.Limit);
        using var refused = await Rig.Api.PutAsync(TestKit.Peers.WorkerClient.NewCallId(), WorkerRig.Command(Number));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var live = await Rig.Api.HealthAsync("/healthz/live");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, live.StatusCode);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Stopping_worker_waits_until_its_peers_have_answered()
    {
        await using var user = await RegisteredAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        user.Answer(await user.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var stopped = Rig.Server.StopAsync(CancellationToken.None);
        var bye = await user.InDialogAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.WorkerShutdown);
        Assert.False(stopped.IsCompleted);
        bye.Respond(200);
        await stopped.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Full_worker_refuses_and_is_not_ready()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await Rig.UseTrunkAsync();
        await Rig.KillWorkerAsync();
        Rig.Configure = options => options with { Calls = options.Calls with { MaxCalls = 1 } };
        await Rig.StartWorkerAsync();
        await OriginateAsync(WorkerRig.Command(Number));
        using var refused = await Rig.Api.PutAsync(TestKit.Peers.WorkerClient.NewCallId(), WorkerRig.Command(Number));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains(Contracts.Control.WorkerProblemReasons.NoCapacity, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
