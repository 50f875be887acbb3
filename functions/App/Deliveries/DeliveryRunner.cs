using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core;
using ClickToDial.Core.Deliveries;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Deliveries;

/// <summary>
/// Takes one message of the delivery queue: an attempt, if it is still to be made. Whatever dies at any point, the message comes back and
/// finds out what had been done; a message for what comes next is always there before the row says so. So an attempt may be made twice,
/// and none is lost.
/// </summary>
public sealed partial class DeliveryRunner(
    SubscriptionStore subscriptions, SubscriptionBook book, IDeliveryStore store, IDeliveryTasks tasks, IDeliverySender sender, Lanes lanes,
    InFlight inFlight, DeliveryPurge purge, AppMetrics metrics, IRandomSource random, TimeProvider time, ILogger<DeliveryRunner> logger)
{
    /// <summary>A delivery that waited so long for a paused subscriber is given up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(5);

    public async Task TakeAsync(string message, CancellationToken stop)
    {
        if (Read(message) is not { } task)
        {
            LogUnreadable();
            return;
        }

        // Not the delivery's own age: it may have waited for the one before it, or for a subscriber that is away.
        if (task.DueAt is { } due) metrics.Dequeued("deliveries", time.GetUtcNow() - due);
        if (task.Delivery is null)
        {
            // Only what nobody can reach any more is deleted.
            if (await subscriptions.FindAsync(task.Domain, task.Subscription, stop) is null && await purge.ForgetAsync(task.Domain, task.Subscription, stop)) await tasks.SendAsync(task, TimeSpan.Zero, stop);
            return;
        }

        if (await book.FindAsync(task.Domain, task.Subscription, stop) is { } subscription) await TakeAsync(task, subscription, task.Delivery, stop);
    }

    /// <summary>
    /// Two messages for one delivery, as they come when an event was handed on twice, are taken one after the other. Whoever finds no room
    /// has asked storage for nothing yet.
    /// </summary>
    private async Task TakeAsync(DeliveryTask task, Subscription subscription, string id, CancellationToken stop)
    {
        var key = $"{task.Subscription}|{id}";
        if (!inFlight.TryBegin(subscription.Id, key))
        {
            await tasks.SendAsync(task, Crowded * (1 + Chance()), stop);
            return;
        }

        try
        {
            var recalled = task.AddedBy == store.Instance ? store.Recall(task.Domain, task.Subscription, id) : null;
            if ((recalled ?? await store.FindAsync(task.Domain, task.Subscription, id, stop)) is { } delivery)
                await TakeAsync(task, subscription, delivery, recalled is not null, stop);
        }
        finally
        {
            inFlight.End(subscription.Id, key);
        }
    }

    private async Task TakeAsync(DeliveryTask task, Subscription subscription, Delivery delivery, bool isRecalled, CancellationToken stop)
    {
        // It had ended, and perhaps whoever ended it died before the next one was told.
        if (delivery.Status != DeliveryStatus.Pending) await lanes.MoveAsync(delivery.Domain, delivery.Subscription, delivery.Lane, stop);
        // Made already: the message for the next attempt was there before the row said so.
        else if (task.Attempt < delivery.Attempts) return;
        else if (!subscription.Enabled) await FinishAsync(delivery, delivery, DeliveryStatus.Dead, DeliveryReasons.Disabled, stop);
        // Its turn comes when the one before it ends.
        else if (await IsFirstAsync(delivery, isRecalled, stop)) await AttemptAsync(task, subscription, delivery, stop);
    }

    private async Task<bool> IsFirstAsync(Delivery delivery, bool isRecalled, CancellationToken stop) => isRecalled
        ? await store.IsHeadAsync(delivery, stop)
        : await store.HeadAsync(delivery.Domain, delivery.Subscription, delivery.Lane, stop) == delivery.Id;

    private async Task AttemptAsync(DeliveryTask task, Subscription subscription, Delivery delivery, CancellationToken stop)
    {
        if (await MayGoAsync(task, delivery, stop) is not { } before) return;
        var result = await sender.SendAsync(subscription, delivery.EventId, delivery.Body, delivery.TraceParent, stop);
        await HeedBreakerAsync(delivery, result.Attempt, before, stop);
        await HeedAsync(delivery, result, stop);
    }

    /// <returns>The breaker as it is while it goes; null when it waits, with a message for later.</returns>
    private async Task<Breaker?> MayGoAsync(DeliveryTask task, Delivery delivery, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (breaker, version) = await store.BreakerAsync(delivery.Domain, delivery.Subscription, stop);
        var answer = breaker.Ask(now);
        if (answer == BreakerAnswer.Send) return breaker;
        if (answer == BreakerAnswer.Probe && await store.TrySetBreakerAsync(delivery.Domain, delivery.Subscription, breaker.Probing(now), version, stop)) return breaker;
        metrics.DeliveryTried("paused");
        if (now - delivery.CreatedAt > LongestWait) await FinishAsync(delivery, delivery, DeliveryStatus.Dead, DeliveryReasons.Expired, stop);
        else await tasks.SendAsync(task, (breaker.PausedUntil is { } until && until > now ? until - now : TimeSpan.Zero) + (Spread * Chance()), stop);
        return null;
    }

    private async Task HeedAsync(Delivery delivery, DeliveryResult result, CancellationToken stop)
    {
        var attempt = result.Attempt;
        var tried = delivery.Tried(attempt);
        if (attempt.IsSuccess)
        {
            await FinishAsync(delivery, tried, DeliveryStatus.Delivered, null, stop);
        }
        else if (attempt.IsGone)
        {
            await DisableAsync(delivery, stop);
            await FinishAsync(delivery, tried, DeliveryStatus.Dead, DeliveryReasons.Gone, stop);
        }
        else if (RetryPlan.After(tried.Attempts, result.RetryAfter, Chance()) is { } wait)
        {
            LogFailed(delivery.Subscription, attempt.Status, attempt.Error, tried.Attempts);
            metrics.DeliveryTried("failed");
            await tasks.SendAsync(new DeliveryTask(delivery.Domain, delivery.Subscription, delivery.Id, tried.Attempts), wait, stop);
            // Should another have been quicker, it has seen to what comes next.
            await store.TrySaveAsync(delivery, tried with { DueAt = time.GetUtcNow() + wait }, stop);
        }
        else
        {
            await FinishAsync(delivery, tried, DeliveryStatus.Dead, DeliveryReasons.Exhausted, stop);
        }
    }

    private async Task HeedBreakerAsync(Delivery delivery, DeliveryAttempt attempt, Breaker before, CancellationToken stop)
    {
        const int maxTries = 8;
        // As mostly: nothing was wrong and nothing is.
        if (before == Breaker.Closed && !attempt.IsTrouble) return;
        for (var i = 0; i < maxTries; i++)
        {
            var (breaker, version) = await store.BreakerAsync(delivery.Domain, delivery.Subscription, stop);
            // Any answer that is no trouble shows that it is back, whatever it thinks of this message.
            var after = attempt.IsTrouble ? breaker.Failed(time.GetUtcNow(), wasProbe: before.PausedUntil is not null) : Breaker.Closed;
            if (after == breaker || await store.TrySetBreakerAsync(delivery.Domain, delivery.Subscription, after, version, stop)) return;
        }
    }

    private async Task DisableAsync(Delivery delivery, CancellationToken stop)
    {
        await subscriptions.ChangeAsync(delivery.Domain, delivery.Subscription, s => s with { Enabled = false, DisabledReason = DeliveryReasons.Gone }, stop);
        book.Forget(delivery.Domain);
        LogGone(delivery.Subscription);
    }

    private async Task FinishAsync(Delivery before, Delivery after, DeliveryStatus status, string? reason, CancellationToken stop)
    {
        var saved = await store.TrySaveAsync(before, after.Finished(status, time.GetUtcNow(), reason), stop);
        if (saved.IsDone)
        {
            metrics.DeliveryTried(status == DeliveryStatus.Delivered ? "delivered" : "dead");
            if (status == DeliveryStatus.Dead) LogDead(before.Subscription, reason!);
        }

        await lanes.MoveToAsync(before.Domain, before.Subscription, saved.Head, stop);
    }

    private double Chance()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }

    private static DeliveryTask? Read(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, AppJson.Default.DeliveryTask) is { Domain: not null, Subscription: not null } task ? task : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(1351, LogLevel.Error, "A message of the delivery queue cannot be read")]
    private partial void LogUnreadable();

    [LoggerMessage(1352, LogLevel.Information, "A delivery of subscription {Subscription} failed ({Status} {Error}), attempt {Attempt}")]
    private partial void LogFailed(string subscription, int? status, string? error, int attempt);

    [LoggerMessage(1353, LogLevel.Warning, "A delivery of subscription {Subscription} was given up: {Reason}")]
    private partial void LogDead(string subscription, string reason);

    [LoggerMessage(1354, LogLevel.Warning, "Subscription {Subscription} is disabled: the subscriber said that it is gone")]
    private partial void LogGone(string subscription);
}
