using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Control;

public sealed class CallWatchTests
{
    private readonly CallFeed _feed = new();
    private readonly Dictionary<CallId, CallSnapshot> _calls = [];

    [Fact]
    public async Task First_is_told_how_it_all_stands_and_then_each_call_as_it_is_when_it_is_read()
    {
        Change("a", CallState.Requested);
        using var watch = Watch(CallFilter.All);
        Assert.Equal(CallState.Requested, Assert.Single((await ReadAsync(watch))!.Calls!).State);

        Change("a", CallState.RingingUser);
        Change("b", CallState.Requested);
        Change("a", CallState.Ended);
        Assert.Equal(("a", CallState.Ended), Told(await ReadAsync(watch)));
        Assert.Equal(("b", CallState.Requested), Told(await ReadAsync(watch)));
        Assert.False(watch.ReadAsync(TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public async Task Reader_that_leaves_too_many_calls_unread_is_told_all_anew_and_follows_again()
    {
        using var watch = Watch(CallFilter.All);
        await ReadAsync(watch);
        for (var i = 0; i <= CallWatch.Capacity; i++) Change($"call-{i}", CallState.RingingUser);
        var anew = await ReadAsync(watch);
        Assert.Equal((WatchKind.Calls, CallWatch.Capacity + 1), (anew!.Kind, anew.Calls!.Count));
        Change("call-3", CallState.Connected);
        Assert.Equal(("call-3", CallState.Connected), Told(await ReadAsync(watch)));
    }

    [Fact]
    public async Task As_many_changes_as_there_is_room_for_are_told_one_by_one()
    {
        using var watch = Watch(CallFilter.All);
        await ReadAsync(watch);
        for (var i = 0; i < CallWatch.Capacity; i++) Change($"call-{i}", CallState.RingingUser);
        for (var i = 0; i < CallWatch.Capacity; i++) Assert.Equal(($"call-{i}", CallState.RingingUser), Told(await ReadAsync(watch)));
    }

    [Fact]
    public async Task Call_that_nobody_knows_any_more_is_missing_from_all_that_are_told_anew()
    {
        using var watch = Watch(CallFilter.All);
        await ReadAsync(watch);
        Change("a", CallState.Ended);
        _calls.Clear();
        Assert.Empty((await ReadAsync(watch))!.Calls!);
    }

    [Fact]
    public async Task End_comes_after_what_was_noted_and_to_later_readers_after_how_it_all_stands()
    {
        using var watch = Watch(CallFilter.All);
        await ReadAsync(watch);
        Change("a", CallState.Ended);
        Change("b", CallState.Ended);
        _feed.Complete();
        Assert.Equal(("a", CallState.Ended), Told(await ReadAsync(watch)));
        Assert.Equal(("b", CallState.Ended), Told(await ReadAsync(watch)));
        Assert.Null(await ReadAsync(watch));

        using var late = Watch(CallFilter.All);
        Assert.Equal(WatchKind.Calls, (await ReadAsync(late))!.Kind);
        Assert.Null(await ReadAsync(late));
    }

    [Fact]
    public void There_are_only_so_many_readers_and_one_that_leaves_makes_room()
    {
        var watches = Enumerable.Range(0, CallFeed.MaxWatches).Select(_ => Watch(CallFilter.All)).ToList();
        Assert.False(_feed.TryAdd(New(CallFilter.All)));
        watches[5].Dispose();
        Assert.True(_feed.TryAdd(New(CallFilter.All)));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("DEMO.local", null, true)]
    [InlineData("other.local", null, false)]
    [InlineData("demo.local", "101", true)]
    [InlineData("demo.local", "102", true)]
    [InlineData(null, "103", false)]
    public void Calls_are_filtered_by_domain_and_by_either_user_of_a_call_within_it(string? domain, string? user, bool matches) =>
        Assert.Equal(matches, new CallFilter(domain, user).Matches(Snapshot("a", CallState.Connected)));

    [Fact]
    public void Number_outside_is_no_user()
    {
        var call = Snapshot("a", CallState.Connected);
        call = call with { Call = call.Call with { Direction = CallDirection.Outbound } };
        Assert.False(new CallFilter(User: "102").Matches(call));
    }

    private static CallSnapshot Snapshot(string id, CallState state) =>
        new(CallId.Parse(id), state, new CallParties("demo.local", CallDirection.Internal, "101", "102", DateTimeOffset.UnixEpoch));

    private static (string, CallState) Told(WatchMessage? message) => (message!.Call!.CallId.ToString(), message.Call.State);

    private static Task<WatchMessage?> ReadAsync(CallWatch watch) =>
        watch.ReadAsync(TestContext.Current.CancellationToken).WaitAsync(Support.Patience.Limit);

    private CallWatch Watch(CallFilter filter)
    {
        var watch = New(filter);
        Assert.True(_feed.TryAdd(watch));
        return watch;
    }

    private CallWatch New(CallFilter filter) =>
        new(filter, id => _calls.GetValueOrDefault(id), match => [.. _calls.Values.Where(match.Matches)], _feed.Remove);

    private void Change(string id, CallState state)
    {
        var call = Snapshot(id, state);
        _calls[call.CallId] = call;
        _feed.Publish(call);
    }
}
