using System.Collections.Concurrent;
using System.Net.WebSockets;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Edge;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>What another worker is told of calls here, without that worker.</summary>
[Trait("row", "V6")]
public sealed class EdgeCallHostTests : IAsyncDisposable
{
    private const string Domain = "demo.local";

    private readonly Calls _calls = new();
    private readonly EventLog<EdgeNews> _told = new("frames to the other worker");
    private readonly CancellationTokenSource _stop = new();
    private readonly ClientWebSocket _socket = new();
    private readonly EdgeGuest _guest = new(new ManualTimeProvider());
    private readonly EdgeCallHost _host;
    private readonly Task _draining;

    public EdgeCallHostTests()
    {
        _guest.Come(new EdgeSocket(_socket));
        _draining = _guest.Outbox.DrainAsync(
            (frame, _) =>
            {
                Assert.True(EdgeNews.TryRead(frame, out var news));
                _told.Append(news!);
                return Task.CompletedTask;
            },
            _stop.Token);
        _host = new EdgeCallHost(_calls, () => [_guest], NullLogger.Instance);
    }

    [Fact(DisplayName = "V6: when too much has changed to be told one by one, the other worker hears what is new and what is over, and no lists are made for each user")]
    public async Task Behind()
    {
        _calls.Change("a", "101", CallState.Connected);
        _host.Start();
        Watch("101", on: true);
        await _told.WaitAsync(news => news.Calls?.Ids is [{ Value: "a" }], "the list");
        var lists = _calls.Lists;

        _calls.Known.Clear();
        _calls.Known[CallId.Parse("b")] = Snapshot("b", "101", CallState.Connected);
        _calls.Known[CallId.Parse("s")] = Snapshot("s", "102", CallState.Connected);
        // One that nobody knows any more: all is told anew.
        _calls.Feed.Publish(Snapshot("ghost", "102", CallState.Ended));
        await _told.WaitAsync(news => news.Over?.Value == "a", "the end of a");
        await _told.WaitAsync(news => news.Call?.CallId.Value == "b", "b");
        Assert.Equal(lists, _calls.Lists);
        Assert.DoesNotContain(_told.Snapshot(), news => news.Call?.CallId.Value == "s");
    }

    [Fact(DisplayName = "V6: which calls the other worker was told of is known until they end, whether or not it still watches")]
    public async Task Ended()
    {
        _calls.Change("a", "101", CallState.Connected);
        _calls.Change("b", "102", CallState.Connected);
        _host.Start();
        Watch("101", on: true);
        Watch("102", on: true);
        await _told.WaitAsync(news => news.Calls is { User: "101" }, "the list");
        await _told.WaitAsync(news => news.Calls is { User: "102" }, "the list");
        // Told by the loop that tells of changes: it has begun when this is told.
        _calls.Change("first", "102", CallState.Connected);
        await _told.WaitAsync(news => news.Call?.CallId.Value == "first", "the first change");
        Watch("101", on: false);
        _calls.Change("a", "101", CallState.Ended);
        _calls.Change("b", "102", CallState.Ended);
        _calls.Change("last", "102", CallState.Connected);
        await _told.WaitAsync(news => news.Call?.CallId.Value == "last", "the last change");
        Assert.Equal(["first", "last"], _guest.Told.Keys.Select(id => id.Value).Order());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _stop.CancelAsync();
        await _draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _socket.Dispose();
    }

    private static CallSnapshot Snapshot(string id, string user, CallState state) =>
        new(CallId.Parse(id), state, new CallParties(Domain, CallDirection.Outbound, user, "+4930101", DateTimeOffset.UnixEpoch));

    private void Watch(string user, bool on) => _host.Take(_guest, new EdgeNews { Watch = new EdgeWatch(Domain, user, on) });

    /// <summary>Calls as a worker has them, for as long as the test wants.</summary>
    private sealed class Calls : ICallControl
    {
        private int _lists;

        public CallFeed Feed { get; } = new();

        public ConcurrentDictionary<CallId, CallSnapshot> Known { get; } = new();

        public int Lists => Volatile.Read(ref _lists);

        public void Change(string id, string user, CallState state) => Feed.Publish(Known[CallId.Parse(id)] = Snapshot(id, user, state));

        public CallSnapshot? Find(CallId id) => Known.GetValueOrDefault(id);

        public IReadOnlyList<CallSnapshot> List(CallFilter filter)
        {
            Interlocked.Increment(ref _lists);
            return UnderWay(filter);
        }

        public CallWatch? Watch(CallFilter filter)
        {
            var watch = new CallWatch(filter, Find, UnderWay, Feed.Remove);
            Assert.True(Feed.TryAdd(watch));
            return watch;
        }

        public Task<OriginateAnswer> OriginateAsync(CallId id, OriginateCommand command, CancellationToken stop) => throw new NotSupportedException();

        public Task<OrderAnswer> OrderAsync(CallId id, CallOrder order, CancellationToken stop) => throw new NotSupportedException();

        public Task<CallSnapshot?> HangUpAsync(CallId id, CancellationToken stop) => throw new NotSupportedException();

        private IReadOnlyList<CallSnapshot> UnderWay(CallFilter filter) =>
            [.. Known.Values.Where(call => call.State != CallState.Ended && filter.Matches(call))];
    }
}
