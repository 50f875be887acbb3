using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Tests.Timers;

/// <summary>Timer functions over a real Azurite, by a clock that only the test moves.</summary>
public sealed class TimerTriggersTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly AzuriteFixture _azurite = new();
    private readonly ArmingClock _clock = new(Noon);
    private readonly TimerRecorder _recorder = new();
    private int _waits;

    public ValueTask InitializeAsync() => _azurite.InitializeAsync();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task Schedule_RunsInUtcAndTellsWhereItStands()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync(typeof(HourlyFunction));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, _recorder.Runs.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var first = await _recorder.Runs.WaitAsync(_ => true, "first run");
        Assert.False(first.IsPastDue);
        Assert.Equal(Noon.UtcDateTime.AddHours(1), first.ScheduleStatus!.Next);
        await LoopWaitsAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        var second = await _recorder.Runs.WaitAsync(_ => true, "second run", from: 1);
        Assert.Equal(Noon.UtcDateTime.AddHours(1), second.ScheduleStatus!.Last);
        Assert.Equal(Noon.UtcDateTime.AddHours(2), second.ScheduleStatus.Next);
    }

    [Fact]
    public async Task RunsMissedWhileTheHostWasDown_AreMadeUpForOnce()
    {
        AzuriteFixture.SkipIfMissing();
        await (await StartAsync(typeof(HourlyFunction))).DisposeAsync();
        _clock.Advance(TimeSpan.FromHours(5));
        await using (await StartAsync(typeof(HourlyFunction)))
        {
            var run = await _recorder.Runs.WaitAsync(_ => true, "late run");
            Assert.True(run.IsPastDue);
        }
        await using var again = await StartAsync(typeof(HourlyFunction));
        Assert.Equal(1, _recorder.Runs.Count);
    }

    [Fact]
    public async Task ScheduleBelowAMinute_IsNotMonitoredAndNeedsNoStorage()
    {
        AzuriteFixture.SkipIfMissing();
        await _azurite.StopAsync();
        await using var rig = await StartAsync(typeof(StartupFunction));
        var first = await _recorder.Runs.WaitAsync(_ => true, "run at start");
        Assert.Null(first.ScheduleStatus);
        Assert.False(first.IsPastDue);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _recorder.Runs.WaitAsync(_ => true, "regular run", from: 1);
    }

    [Fact]
    public async Task RunThatTakesLongerThanTheSchedule_IsFollowedByOneRunNotByAll()
    {
        AzuriteFixture.SkipIfMissing();
        var finish = new TaskCompletionSource();
        await using var rig = await StartAsync(typeof(HourlyFunction));
        _recorder.Script = () => finish.Task;
        _clock.Advance(TimeSpan.FromHours(1));
        await _recorder.Runs.WaitAsync(_ => true, "long run");
        _clock.Advance(TimeSpan.FromHours(6.5));
        Assert.Equal(1, _recorder.Runs.Count);
        finish.SetResult();
        await _recorder.Runs.WaitAsync(_ => true, "run that follows", from: 1);
        await LoopWaitsAsync();
        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(2, _recorder.Runs.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _recorder.Runs.WaitAsync(_ => true, "back on schedule", from: 2);
    }

    [Fact]
    public async Task RunThatFails_DoesNotEndTheSchedule()
    {
        AzuriteFixture.SkipIfMissing();
        _recorder.Script = () => throw new InvalidOperationException("no");
        await using var rig = await StartAsync(typeof(HourlyFunction));
        _clock.Advance(TimeSpan.FromHours(1));
        await rig.Logs.WaitAsync(l => l.Id == 1503, "failure in the log");
        await LoopWaitsAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await _recorder.Runs.WaitAsync(_ => true, "next run", from: 1);
    }

    [Fact]
    public async Task StorageThatIsDownAtStart_IsWaitedFor()
    {
        AzuriteFixture.SkipIfMissing();
        await _azurite.StopAsync();
        await using var rig = await StartAsync(typeof(HourlyFunction), waitUntilScheduled: false);
        await rig.Logs.WaitAsync(l => l.Id == 1531, "outage in the log");
        await _azurite.StartAsync();
        await _clock.Armed.WaitAsync(t => t == TimeSpan.FromSeconds(2), "wait for storage");
        _clock.Advance(TimeSpan.FromSeconds(2));
        await rig.Logs.WaitAsync(l => l.Id == 1530, "schedule in the log");
    }

    private async Task<HostRig> StartAsync(Type functions, bool waitUntilScheduled = true)
    {
        var rig = await HostRig.StartAsync(new HostRigOptions(functions)
        {
            Settings = new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = _azurite.ConnectionString,
                ["Timers:Hourly"] = "0 0 * * * *",
            },
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Services.AddSingleton(_recorder);
            },
        });
        if (waitUntilScheduled) await LoopWaitsAsync();
        return rig;
    }

    /// <summary>The last run is over and written down, and the timer waits for the next.</summary>
    private async Task LoopWaitsAsync()
    {
        await _clock.Armed.WaitAsync(_ => true, "armed timer", from: _waits);
        _waits++;
    }
}
