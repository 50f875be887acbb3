using System.Runtime.CompilerServices;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.App.Tests.Calls;

/// <summary>Several workers, of which each call has one.</summary>
public sealed class WorkerPoolTests : IAsyncLifetime
{
    private const string Domain = "pool.test";

    private static readonly OriginateCommand Command = new(Domain, "101", "echo");

    private WorkerPeer _first = null!;
    private WorkerPeer _second = null!;
    private WorkerPool _pool = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await WorkerPeer.StartAsync();
        _second = await WorkerPeer.StartAsync();
        var options = new CallWorkerOptions { Url = _first.Url.ToString(), MoreUrls = [_second.Url.ToString()], ControlToken = WorkerPeer.ControlToken };
        // The clock stands: a slow machine makes nobody late.
        _pool = new WorkerPool(options, new ManualTimeProvider(), NullLogger<HttpWorkerClient>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _pool.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory(DisplayName = "D6: a new call goes to the worker that has most room")]
    [InlineData(10, 90, true)]
    [InlineData(90, 10, false)]
    public async Task MostRoom(int first, int second, bool isFirst)
    {
        (_first.Calls, _second.Calls) = (first, second);
        var id = CallId.Parse("room");

        Assert.True((await PlaceAsync(id)).IsOk);

        Assert.Equal(isFirst ? (1, 0) : (0, 1), (_first.Dialled.Count, _second.Dialled.Count));
    }

    [Fact(DisplayName = "D6: a worker that refuses for want of room is left for the next; one that does not answer is not")]
    public async Task Refusals()
    {
        _first.Refuse(Domain, 503, WorkerProblemReasons.Draining);
        Assert.True((await PlaceAsync(CallId.Parse("drained"))).IsOk);
        Assert.Equal(1, _second.Dialled.Count);

        _first.BreakAfterTaking(Domain);
        Assert.Equal(KnownProblems.WorkerUnavailable, (await PlaceAsync(CallId.Parse("broken"))).Problem);
        Assert.Equal(1, _second.Dialled.Count);
    }

    [Fact(DisplayName = "D6: a worker that is down gets no calls, and commands still find theirs")]
    public async Task OneIsDown()
    {
        var id = CallId.Parse("stays");
        (_first.Calls, _second.Calls) = (90, 10);
        await PlaceAsync(id);
        await _first.StopAsync();

        Assert.True((await PlaceAsync(CallId.Parse("other"))).IsOk);
        Assert.IsType<WorkerView.Known>(await _pool.GetAsync(id, default));
        Assert.NotNull((await _pool.OrderAsync(id, "mute", "c-1", default)).Call);
        Assert.IsType<WorkerView.Known>(await _pool.HangUpAsync(id, default));
        // It may be with the one that does not answer.
        Assert.IsType<WorkerView.Unreachable>(await _pool.GetAsync(CallId.Parse("nobody"), default));
        Assert.Equal((null, null), await _pool.OrderAsync(CallId.Parse("nobody"), "mute", "c-2", default));
        Assert.Null(await _pool.CallsOfAsync(Domain, "101", default));
        Assert.True(await _pool.IsReadyAsync(default));
    }

    [Fact(DisplayName = "D6: a command goes to the worker that has the call, and a call that may have begun is begun nowhere else")]
    public async Task Commands()
    {
        (_first.Calls, _second.Calls) = (90, 10);
        var id = CallId.Parse("mine");
        await PlaceAsync(id);
        (_first.Calls, _second.Calls) = (10, 90);

        Assert.True((await PlaceAsync(id, isAgain: true)).IsOk);
        Assert.Equal(0, _first.Dialled.Count);
        await _pool.OrderAsync(id, "mute", "c-1", default);
        Assert.Equal((0, 1), (_first.Orders.Count, _second.Orders.Count));
        await _pool.HangUpAsync(id, default);
        Assert.Equal((0, 1), (_first.HungUp.Count, _second.HungUp.Count));
        Assert.Single((await _pool.CallsOfAsync(Domain, "101", default))!);
        Assert.IsType<WorkerView.Unknown>(await _pool.GetAsync(CallId.Parse("nobody"), default));
        Assert.Equal((null, WorkerProblemReasons.NotFound), await _pool.OrderAsync(CallId.Parse("nobody"), "mute", "c-2", default));

        await _second.StopAsync();
        Assert.Equal(KnownProblems.WorkerUnavailable, (await PlaceAsync(id, isAgain: true)).Problem);
        Assert.Equal(0, _first.Dialled.Count);
    }

    [Fact(DisplayName = "D6: what workers tell of their calls is told as if one told it")]
    public async Task Watching()
    {
        var mine = Snapshot("mine", CallState.Connected);
        var more = Snapshot("more", CallState.RingingUser);
        await using var told = WatchMerge.ReadAsync(
            [
                Tells(new WatchMessage(WatchKind.Calls, Calls: [mine])),
                Tells(new WatchMessage(WatchKind.Calls, Calls: []), new WatchMessage(WatchKind.Call, more)),
            ],
            Never,
            default).GetAsyncEnumerator();

        var seen = new Dictionary<CallId, CallSnapshot>();
        while (seen.Count < 2)
        {
            Assert.True(await told.MoveNextAsync());
            foreach (var call in told.Current.Calls ?? [told.Current.Call!]) seen[call.CallId] = call;
        }

        Assert.Equal([mine, more], seen.Values.OrderBy(call => call.CallId.Value));
    }

    [Fact(DisplayName = "D6: when one of the workers goes away, watching ends as it does with one")]
    public async Task WatchingEnds()
    {
        await using var told = WatchMerge.ReadAsync([Tells(new WatchMessage(WatchKind.Calls, Calls: [])), Breaks()], Never, default).GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync());
        await Assert.ThrowsAsync<IOException>(async () => await told.MoveNextAsync());
    }

    private static Task Never(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

    private static CallSnapshot Snapshot(string id, CallState state) =>
        new(CallId.Parse(id), state, new CallParties(Domain, CallDirection.Internal, "101", "echo", DateTimeOffset.UnixEpoch));

    // Tells these and stays, as a worker does.
    private static IAsyncEnumerable<WatchMessage> Tells(params IReadOnlyList<WatchMessage> messages) => TellsAsync(messages);

    private static async IAsyncEnumerable<WatchMessage> TellsAsync(IReadOnlyList<WatchMessage> messages, [EnumeratorCancellation] CancellationToken stop = default)
    {
        foreach (var message in messages) yield return message;
        await new TaskCompletionSource().Task.WaitAsync(stop);
    }

    private static async IAsyncEnumerable<WatchMessage> Breaks()
    {
        await Task.Yield();
        yield return new WatchMessage(WatchKind.Calls, Calls: []);
        throw new IOException("gone");
    }

    private Task<Result<CallSnapshot>> PlaceAsync(CallId id, bool isAgain = false) => _pool.OriginateAsync(id, Command, isAgain, default);
}
