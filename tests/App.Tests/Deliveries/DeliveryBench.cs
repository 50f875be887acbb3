using ClickToDial.App.Adapters;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>
/// The delivery function over the real tables, with a queue, a subscriber, a clock and a chance of its own, so that days pass at once and
/// a crash can be had at any point. A message goes only when the function has ended well, as with the real queue.
/// </summary>
internal sealed class DeliveryBench
{
    private readonly TestDomain _domain;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly Clock _clock = new();
    private readonly List<(DateTimeOffset DueAt, DeliveryTask Task)> _queue = [];
    private readonly Instance[] _instances;
    private int _points;

    public DeliveryBench(TestDomain domain)
    {
        _domain = domain;
        _instances = [NewInstance(), NewInstance()];
        Subscription = new Subscription(
            $"wh{Guid.NewGuid():N}"[..18], domain.Name, new Uri("https://crm.example.com/"), PayloadStyle.CallEvent, [], true, null, _clock.GetUtcNow(),
            new WebhookSecrets([new WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")], "token", new Dictionary<string, string>()));
    }

    public IDeliveryStore Store => _instances[0].Store;

    public Subscription Subscription { get; }

    /// <summary>What the subscriber answers to an event, given how often it came before.</summary>
    public Func<string, int, int?> Answers { get; set; } = (_, _) => 204;

    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Everything that reached the subscriber, with the time.</summary>
    public List<(string Id, DateTimeOffset At)> Got { get; } = [];

    /// <summary>How often a delivery or the head of a lane was read.</summary>
    public int Reads { get; private set; }

    /// <summary>The point at which everything dies, once; 0 for never.</summary>
    public int CrashAt { get; set; }

    /// <summary>Whether another instance goes on after the crash; otherwise the same one, which remembers.</summary>
    public bool IsForgetful { get; init; } = true;

    public bool HasCrashed => CrashAt > 0 && _points >= CrashAt;

    public Task SubscribeAsync() => _domain.App.Services.GetRequiredService<SubscriptionStore>().AddAsync(Subscription, CancellationToken.None);

    public Task ForgetAsync() => _domain.App.Services.GetRequiredService<SubscriptionStore>().DeleteAsync(_domain.Name, Subscription.Id, CancellationToken.None);

    /// <summary>Steps of a call, the same each time, as the processor hands them on: again, should it fail.</summary>
    /// <param name="by">The instance that does.</param>
    public async Task HandOnAsync(string call, int steps, int by = 0)
    {
        var id = CallId.Parse(call);
        var events = Enumerable.Range(1, steps).Select(i => _domain.Event(id, i, CallEventType.LegRinging) with { Time = Start.AddSeconds(i) }).ToList();
        var accepted = events.Select(e => AcceptedEvent.Of(e, CallReducer.Apply(null, e, e.Time).Row)).ToList();
        try
        {
            await _instances[by].Delivery.HandOnAsync(accepted, CancellationToken.None);
        }
        catch (CrashException)
        {
            await _instances[by].Delivery.HandOnAsync(accepted, CancellationToken.None);
        }
    }

    /// <summary>Until the queue is empty. The clock goes where the next message is seen.</summary>
    public async Task RunAsync(int atMost = 2000)
    {
        for (var i = 0; _queue.Count > 0; i++)
        {
            Assert.True(i < atMost, "The queue does not become empty.");
            try
            {
                await TakeAsync();
            }
            catch (CrashException)
            {
                // The message was not deleted, so it comes again.
            }
        }
    }

    /// <summary>One message.</summary>
    /// <param name="by">The instance that takes it.</param>
    /// <param name="place">Which one, in the order in which they are seen.</param>
    public async Task TakeAsync(int by = 0, int place = 0)
    {
        var next = _queue.OrderBy(m => m.DueAt).ElementAt(place);
        if (next.DueAt > _clock.Now) _clock.Now = next.DueAt;
        await _instances[by].Runner.TakeAsync(System.Text.Json.JsonSerializer.Serialize(next.Task, AppJson.Default.DeliveryTask), CancellationToken.None);
        _queue.Remove(next);
    }

    public async Task<IReadOnlyList<Delivery>> ListAsync(DeliveryStatus? status = null) =>
        (await Store.ListAsync(_domain.Name, Subscription.Id, status, null, 100, CancellationToken.None)).Deliveries;

    private Instance NewInstance()
    {
        var services = _domain.App.Services;
        var subscriptions = services.GetRequiredService<SubscriptionStore>();
        var storage = services.GetRequiredService<StorageClients>();
        var store = new CrashingStore(() => new TableDeliveryStore(storage), this);
        var tasks = new Tasks(this);
        var options = services.GetRequiredService<DeliveryOptions>();
        var book = new SubscriptionBook(subscriptions, _clock);
        var lanes = new Lanes(store, tasks, _clock);
        return new Instance(
            store,
            new EventDelivery(book, store, lanes, _clock, NullLogger<EventDelivery>.Instance),
            new DeliveryRunner(
                subscriptions, book, store, tasks, new Sender(this), lanes, new InFlight(options), new DeliveryPurge(storage, subscriptions, options, _clock),
                services.GetRequiredService<AppMetrics>(), new SequenceRandom(1), _clock, NullLogger<DeliveryRunner>.Instance));
    }

    private void Point()
    {
        if (++_points != CrashAt) return;
        if (IsForgetful) _instances[0].Store.StartAgain();
        throw new CrashException();
    }

    /// <summary>One of those over the same tables and the same queue, with what it remembers.</summary>
    private sealed record Instance(CrashingStore Store, EventDelivery Delivery, DeliveryRunner Runner);

    private sealed class CrashException : Exception;

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    private sealed class Tasks(DeliveryBench bench) : IDeliveryTasks
    {
        public Task SendAsync(DeliveryTask task, TimeSpan delay, CancellationToken stop)
        {
            bench.Point();
            var due = bench._clock.Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
            bench._queue.Add((due, task with { DueAt = due }));
            bench.Point();
            return Task.CompletedTask;
        }
    }

    private sealed class Sender(DeliveryBench bench) : IDeliverySender
    {
        public Task<DeliveryResult> SendAsync(Subscription subscription, string id, ReadOnlyMemory<byte> body, string? traceParent, CancellationToken stop)
        {
            bench.Point();
            var before = bench.Got.Count(g => g.Id == id);
            bench.Got.Add((id, bench._clock.Now));
            bench.Point();
            var status = bench.Answers(id, before);
            return Task.FromResult(new DeliveryResult(new DeliveryAttempt(bench._clock.Now, status, status is null ? "timeout" : null, 5), bench.RetryAfter, default));
        }
    }

    /// <summary>After a crash nothing is remembered: another instance goes on.</summary>
    private sealed class CrashingStore(Func<IDeliveryStore> start, DeliveryBench bench) : IDeliveryStore
    {
        private IDeliveryStore _real = start();

        public Task<LaneWrite> TryAddAsync(Delivery delivery, CancellationToken stop) => AroundAsync(() => _real.TryAddAsync(delivery, stop));

        public Task<Delivery?> FindAsync(string domain, string subscription, string id, CancellationToken stop)
        {
            bench.Reads++;
            return _real.FindAsync(domain, subscription, id, stop);
        }

        public string Instance => _real.Instance;

        public Delivery? Recall(string domain, string subscription, string id) => _real.Recall(domain, subscription, id);

        public Task<string?> HeadAsync(string domain, string subscription, string lane, CancellationToken stop)
        {
            bench.Reads++;
            return _real.HeadAsync(domain, subscription, lane, stop);
        }

        public Task<bool> IsHeadAsync(Delivery delivery, CancellationToken stop) => _real.IsHeadAsync(delivery, stop);

        public Task<LaneWrite> TrySaveAsync(Delivery before, Delivery after, CancellationToken stop) => AroundAsync(() => _real.TrySaveAsync(before, after, stop));

        public Task<DeliveryPage> ListAsync(string domain, string subscription, DeliveryStatus? status, string? after, int limit, CancellationToken stop) =>
            _real.ListAsync(domain, subscription, status, after, limit, stop);

        public Task<(Breaker Breaker, string? Version)> BreakerAsync(string domain, string subscription, CancellationToken stop) => _real.BreakerAsync(domain, subscription, stop);

        public Task<bool> TrySetBreakerAsync(string domain, string subscription, Breaker breaker, string? version, CancellationToken stop) =>
            AroundAsync(() => _real.TrySetBreakerAsync(domain, subscription, breaker, version, stop));

        public void StartAgain() => _real = start();

        private async Task<T> AroundAsync<T>(Func<Task<T>> write)
        {
            bench.Point();
            var done = await write();
            bench.Point();
            return done;
        }
    }
}
