using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>Two instances over the same table, each with what it remembers.</summary>
public sealed class DeliveryStoreTests(AppRig app)
{
    private const int Steps = 30;
    private readonly string _subscription = $"wh{Guid.NewGuid():N}"[..18];

    [Fact]
    public async Task WhatOneRemembersWrongly_TheOtherHasNotLost()
    {
        var (mine, theirs) = Stores();
        var (first, second) = (Step(1), Step(2));
        Assert.Equal(new LaneWrite(true, first.Id), await mine.TryAddAsync(first, Stop));
        // Mine knows the lane; theirs changes it meanwhile.
        var taken = (await theirs.FindAsync(first.Domain, _subscription, first.Id, Stop))!;
        Assert.Equal(new LaneWrite(true, null), await theirs.TrySaveAsync(taken, taken.Finished(DeliveryStatus.Delivered, taken.CreatedAt), Stop));

        Assert.Equal(new LaneWrite(true, second.Id), await mine.TryAddAsync(second, Stop));

        Assert.True(await mine.IsHeadAsync(second, Stop));
        Assert.Equal(new LaneWrite(false, second.Id), await mine.TryAddAsync(first, Stop));
        Assert.Equal(new LaneWrite(false, second.Id), await mine.TrySaveAsync(taken, taken.Finished(DeliveryStatus.Dead, taken.CreatedAt), Stop));
    }

    [Fact]
    public async Task WhoRemembersAnEmptyLane_StillTakesOutOfItWhatTheOtherPutThere()
    {
        var (mine, theirs) = Stores();
        var (first, second) = (Step(1), Step(2));
        await mine.TryAddAsync(first, Stop);
        var known = mine.Recall(first.Domain, _subscription, first.Id)!;
        Assert.Null(mine.Recall(first.Domain, _subscription, first.Id));
        Assert.Equal(new LaneWrite(true, null), await mine.TrySaveAsync(known, known.Finished(DeliveryStatus.Delivered, known.CreatedAt), Stop));
        await theirs.TryAddAsync(second, Stop);
        var found = (await mine.FindAsync(second.Domain, _subscription, second.Id, Stop))!;

        Assert.Equal(new LaneWrite(true, null), await mine.TrySaveAsync(found, found.Finished(DeliveryStatus.Dead, found.CreatedAt), Stop));

        Assert.Null(await theirs.HeadAsync(second.Domain, _subscription, "lane", Stop));
        // And back again, by whoever remembers that it is there still.
        var dead = (await theirs.FindAsync(second.Domain, _subscription, second.Id, Stop))!;
        Assert.Equal(new LaneWrite(true, second.Id), await theirs.TrySaveAsync(dead, dead.Revived(dead.CreatedAt), Stop));
        Assert.Equal(second.Id, await mine.HeadAsync(second.Domain, _subscription, "lane", Stop));
    }

    [Fact]
    public async Task BothAtOnce_KeepEveryDeliveryInTheLaneUntilItEnds()
    {
        var (mine, theirs) = Stores();
        var steps = Enumerable.Range(1, Steps).Select(Step).ToList();
        await Task.WhenAll(steps.Select((s, i) => (i % 2 == 0 ? mine : theirs).TryAddAsync(s, Stop)));
        Assert.Equal(steps.Select(s => s.Id), (await PendingAsync(mine)).Select(d => d.Id));

        var ended = await Task.WhenAll((await PendingAsync(mine)).Where(d => d.Place != steps[^1].Place).Select(
            (d, i) => (i % 2 == 0 ? theirs : mine).TrySaveAsync(d, d.Finished(DeliveryStatus.Delivered, d.CreatedAt), Stop)));

        Assert.All(ended, e => Assert.True(e.IsDone));
        Assert.Equal(steps[^1].Id, await theirs.HeadAsync(steps[0].Domain, _subscription, "lane", Stop));
    }

    [Fact]
    public async Task PendingOnes_AreListedPageByPage()
    {
        var (store, _) = Stores();
        var waiting = Enumerable.Range(1, 5).SelectMany(i => new[] { Step(i), Step(i) with { Lane = "other", Id = $"other-{i}" } }).ToList();
        foreach (var delivery in waiting) await store.TryAddAsync(delivery, Stop);

        var (listed, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await store.ListAsync(waiting[0].Domain, _subscription, DeliveryStatus.Pending, after, 3, Stop);
            Assert.InRange(page.Deliveries.Count, 0, 3);
            listed.AddRange(page.Deliveries.Select(d => d.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(waiting.OrderBy(d => d.Lane, StringComparer.Ordinal).ThenBy(d => d.Place, StringComparer.Ordinal).Select(d => d.Id), listed);
    }

    [Fact]
    public async Task FullLane_TakesNoMoreAndSaysWhy()
    {
        var (store, _) = Stores();
        await store.TryAddAsync(Step(1), Stop);
        await FillAsync(Lane.MostWaiting);
        // It remembers what it wrote, and finds out that this is not so any more.
        var (late, later) = (Step(Lane.MostWaiting + 1), Step(Lane.MostWaiting + 2));
        Assert.Equal(new LaneWrite(true, Step(1).Id), await store.TryAddAsync(late, Stop));

        Assert.Equal(new LaneWrite(true, Step(1).Id), await store.TryAddAsync(later, Stop));
        var dead = (await store.ListAsync(late.Domain, _subscription, DeliveryStatus.Dead, null, 10, Stop)).Deliveries;
        Assert.Equal([(late.Id, DeliveryReasons.Crowded), (later.Id, DeliveryReasons.Crowded)], dead.Select(d => (d.Id, d.Reason)));
    }

    [Fact]
    public async Task LaneThatWasFull_TakesMoreOnceTheOtherMadeRoom()
    {
        var (mine, theirs) = Stores();
        await FillAsync(Lane.MostWaiting - 1);
        var (last, late) = (Step(Lane.MostWaiting), Step(Lane.MostWaiting + 1));
        // Mine wrote the last place itself, and so remembers the lane as full.
        await mine.TryAddAsync(last, Stop);
        var stored = (await theirs.FindAsync(last.Domain, _subscription, last.Id, Stop))!;
        Assert.True((await theirs.TrySaveAsync(stored, stored.Finished(DeliveryStatus.Delivered, stored.CreatedAt), Stop)).IsDone);

        Assert.True((await mine.TryAddAsync(late, Stop)).IsDone);

        Assert.Equal(DeliveryStatus.Pending, (await theirs.FindAsync(late.Domain, _subscription, late.Id, Stop))!.Status);
    }

    [Fact]
    public async Task RowOfTheFormerLayout_IsNoLane()
    {
        var (store, _) = Stores();
        await Storage.Tables.GetTableClient(TableNames.WebhookDeliveries).AddEntityAsync(
            new TableEntity($"d1.test|{_subscription}", "l|former|000001") { ["Delivery"] = "former" }, Stop);
        await store.TryAddAsync(Step(1), Stop);

        Assert.Equal([Step(1).Id], (await PendingAsync(store)).Select(d => d.Id));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StorageClients Storage => app.Services.GetRequiredService<StorageClients>();

    private (TableDeliveryStore Mine, TableDeliveryStore Theirs) Stores() => (new TableDeliveryStore(Storage), new TableDeliveryStore(Storage));

    private async Task FillAsync(int waiting)
    {
        var row = new TableEntity($"d1.test|{_subscription}", "l|lane")
        {
            ["Waiting"] = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(1, waiting).Select(i => $"{i:D6}|{Step(i).Id}")),
        };
        await Storage.Tables.GetTableClient(TableNames.WebhookDeliveries).UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);
    }

    private async Task<IReadOnlyList<Delivery>> PendingAsync(TableDeliveryStore store) =>
        (await store.ListAsync("d1.test", _subscription, DeliveryStatus.Pending, null, 2 * Steps, Stop)).Deliveries;

    private Delivery Step(int number) => new()
    {
        Domain = "d1.test",
        Subscription = _subscription,
        Id = $"step-{number:D6}",
        EventId = $"call.{number}",
        Trigger = "leg.ringing",
        Lane = "lane",
        Place = $"{number:D6}",
        CreatedAt = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero),
        Body = [1, 2, 3],
    };
}
