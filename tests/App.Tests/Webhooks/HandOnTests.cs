using ClickToDial.App.Tests.Support;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Webhooks;

/// <summary>From ingest to subscribers: which steps of a call go on, when, and in what order (B3, B4, P6).</summary>
public sealed class HandOnTests(AppRig app)
{
    [Fact]
    public Task StepsThatComeInAnyOrder_GoOnInOrder() => HandOnChecks.StepsThatComeInAnyOrder_GoOnInOrderAsync(app);

    [Fact]
    public Task MissingStep_IsWaitedForAndThenPassedOver() => HandOnChecks.MissingStep_IsWaitedForAndThenPassedOverAsync(app);

    [Fact]
    public async Task GapThatIsClosedAndOpenedAgain_IsWaitedForAnew()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        await domain.SubscribeAsync(crm.Url);
        var id = await domain.PlaceAsync();
        var store = app.Services.GetRequiredService<ICallStore>();
        await domain.TellAsync(domain.Event(id, 2, CallEventType.LegRinging));
        var stored = await app.UntilAsync(async () => await store.FindAsync(domain.Name, id, CancellationToken.None) is { Row.GapSince: not null } found ? found : null, "the gap");

        // As if the gap had only just opened: this look comes too early, and asks for another.
        await store.TryReplaceAsync(stored, stored.Row with { GapSince = app.Clock.GetUtcNow().AddMilliseconds(200) }, CancellationToken.None);
        await app.Services.GetRequiredService<HandOn>().GiveUpGapAsync(new GapCheck(domain.Name, id), CancellationToken.None);
        Assert.Equal(0, (await store.FindAsync(domain.Name, id, CancellationToken.None))!.Row.HandedOn);

        await crm.Requests.WaitAsync(r => r.Id == $"{id}.2", "it goes on in the end");
    }

    [Fact]
    public async Task StepsWithoutASubscriber_AreNotSavedUpForTheNextOne()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        await domain.UntilAsync(id, c => c.GetProperty("eventsSeen").GetInt32() == 1, "it is in");
        await using var crm = await SubscriberPeer.StartAsync();
        await domain.SubscribeAsync(crm.Url);

        await domain.TellAsync(domain.Event(id, 2, CallEventType.LegRinging));

        await crm.Requests.WaitAsync(r => r.Id == $"{id}.2", "the second");
        Assert.Equal($"{id}.2", Assert.Single(crm.Requests.Snapshot()).Id);
    }
}
