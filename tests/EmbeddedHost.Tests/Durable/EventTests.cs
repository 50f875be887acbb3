using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed class EventTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ArmingClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, DurableRig.NewHub(), [typeof(EventFunctions)], _clock);
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Events_AreToldInOrder_WhateverTheCaseOfTheirName()
    {
        var id = await StartAsync(nameof(EventFunctions.Two));
        await _rig.Client.RaiseEventAsync(id, "ANSWER", "a");
        await _rig.Journal.WaitAsync("first a");
        await _rig.Client.RaiseEventAsync(id, "answer", "b");
        Assert.Equal("ab", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task EventsBeforeAnybodyWaits_AreKept()
    {
        var id = await StartAsync(nameof(EventFunctions.Late));
        await _rig.Journal.WaitAsync("entered late");
        await _rig.Client.RaiseEventAsync(id, "number", 1);
        await _rig.Client.RaiseEventAsync(id, "other", 5);
        await _rig.Client.RaiseEventAsync(id, "number", 2);
        _rig.Journal.Open("late");
        Assert.Equal("1 2", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task EventForNobodyOrForTheEnded_IsIgnored()
    {
        await _rig.Client.RaiseEventAsync("nobody", "answer", "x");
        Assert.Null(await _rig.Client.GetInstanceAsync("nobody"));
        var id = await StartAsync(nameof(EventFunctions.Sender), "nobody");
        await _rig.EndOfAsync(id);
        await _rig.Client.RaiseEventAsync(id, "answer", "x");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await _rig.Client.GetInstanceAsync(id))!.RuntimeStatus);
    }

    [Fact]
    public async Task Race_WonByTheEvent_CancelsTheTimer()
    {
        var id = await StartAsync(nameof(EventFunctions.Race));
        await ArmedAsync(TimeSpan.FromMinutes(10));
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        await _rig.Client.RaiseEventAsync(id, "answer", "yes");
        await _rig.Journal.WaitAsync("got yes");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("yes True", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Race_WonByTheTimer_EndsTheWait()
    {
        var id = await StartAsync(nameof(EventFunctions.Race));
        await ArmedAsync(TimeSpan.FromMinutes(10));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("too late", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitWithTimeout_GetsTheEvent()
    {
        var id = await StartAsync(nameof(EventFunctions.WithTimeout));
        await ArmedAsync(TimeSpan.FromMinutes(5));
        await _rig.Client.RaiseEventAsync(id, "answer", "yes");
        Assert.Equal("yes", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitWithTimeout_IsCancelledByTime()
    {
        var id = await StartAsync(nameof(EventFunctions.WithTimeout));
        await ArmedAsync(TimeSpan.FromMinutes(5));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("nobody answered", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task TheNewestWaitIsServedFirst_AndAbandonedOnesNot()
    {
        var id = await StartAsync(nameof(EventFunctions.Abandons));
        await _rig.Client.RaiseEventAsync(id, "answer", "1");
        await _rig.Client.RaiseEventAsync(id, "answer", "2");
        Assert.Equal("True 2 1", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Timers_FireInTheOrderOfTheirTimes_AndAPastOneAtOnce()
    {
        var id = await StartAsync(nameof(EventFunctions.Timers));
        await ArmedAsync(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ArmedAsync(TimeSpan.FromMinutes(1), 2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("first 2", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task AnOrchestrationSendsEventsToAnother()
    {
        var target = await StartAsync(nameof(EventFunctions.Two));
        await _rig.RunAsync(nameof(EventFunctions.Sender), target);
        Assert.Equal("onetwo", (await _rig.EndOfAsync(target)).ReadOutputAs<string>());
    }

    private Task<string> StartAsync(string orchestrator, object? input = null) =>
        _rig.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);

    private async Task ArmedAsync(TimeSpan wait, int times = 1)
    {
        var from = 0;
        for (var i = 0; i < times; i++)
        {
            await _clock.Armed.WaitAsync(armed => armed == wait, $"a timer of {wait}", from: from);
            from = _clock.Armed.Snapshot().Index().Where(t => t.Index >= from && t.Item == wait).First().Index + 1;
        }
    }
}
