using System.Net;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Tests.Webhooks;

/// <summary>What holds for events whichever queue they take.</summary>
internal static class HandOnChecks
{
    public static async Task StepsThatComeInAnyOrder_GoOnInOrderAsync(AppRig app)
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        await domain.SubscribeAsync(crm.Url);
        var id = await domain.PlaceAsync();

        var steps = Steps(domain, id);
        await Task.WhenAll(new[] { 2, 1, 4, 2, 3, 0, 4 }.Select(async i => Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(steps[i])).Status)));

        await crm.Requests.WaitAsync(r => r.Id == $"{id}.5", "the end");
        var got = crm.Requests.Snapshot().Select(r => r.Id).ToList();
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"{id}.{i}"), got.Distinct());
        var call = (await domain.UntilAsync(id, c => c.GetProperty("complete").GetBoolean(), "the call is whole")).Json;
        Assert.Equal((5, "ended"), (call.GetProperty("eventsSeen").GetInt32(), call.GetProperty("state").GetString()));
    }

    public static async Task MissingStep_IsWaitedForAndThenPassedOverAsync(AppRig app)
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        await domain.SubscribeAsync(crm.Url);
        var id = await domain.PlaceAsync();
        var steps = Steps(domain, id);

        foreach (var i in new[] { 0, 2, 3 }) await domain.TellAsync(steps[i]);
        // The queue brings the reminder after GapSeconds.
        await crm.Requests.WaitAsync(r => r.Id == $"{id}.4", "the step behind the missing one");
        Assert.Equal([$"{id}.1", $"{id}.3", $"{id}.4"], crm.Requests.Snapshot().Select(r => r.Id).Distinct());

        // The missing one comes after its turn: into the log, and to nobody.
        await domain.TellAsync(steps[1]);
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 4, "it is in the log");
        await domain.TellAsync(steps[4]);
        await crm.Requests.WaitAsync(r => r.Id == $"{id}.5", "the end");
        Assert.Equal([$"{id}.1", $"{id}.3", $"{id}.4", $"{id}.5"], crm.Requests.Snapshot().Select(r => r.Id).Distinct());
    }

    private static CallEvent[] Steps(TestDomain domain, CallId id) =>
    [
        domain.Event(id, 1, CallEventType.CallStarted),
        domain.Event(id, 2, CallEventType.LegRinging) with { Leg = new LegSummary("u1", LegRole.User, "101") },
        domain.Event(id, 3, CallEventType.LegAnswered) with { Leg = new LegSummary("u1", LegRole.User, "101") },
        domain.Event(id, 4, CallEventType.CallConnected) with { ConnectedAt = domain.App.Clock.GetUtcNow() },
        domain.Ended(id, 5) with { ConnectedAt = domain.App.Clock.GetUtcNow() },
    ];
}
