using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Pauses are durable timers, so a manual clock shows their length.</summary>
public sealed class RetryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ArmingClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, DurableRig.NewHub(), [typeof(RetryFunctions)], _clock);
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task WithoutOptions_TheFirstFailureIsFinal() =>
        Assert.Equal(
            "Flaky #0: attempt 1 fails True", (await _rig.RunAsync(nameof(RetryFunctions.NoRetry))).ReadOutputAs<string>());

    [Fact]
    public async Task Policy_PausesLongerAndLonger_UpToTheLimit()
    {
        var id = await StartAsync(nameof(RetryFunctions.BackOff), 4);
        foreach (var seconds in new[] { 1, 2, 4, 5 }) await PassAsync(TimeSpan.FromSeconds(seconds));
        Assert.Equal(5, (await _rig.EndOfAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Policy_GivesUpAfterItsAttempts()
    {
        var id = await StartAsync(nameof(RetryFunctions.BackOff), 5);
        foreach (var seconds in new[] { 1, 2, 4, 5 }) await PassAsync(TimeSpan.FromSeconds(seconds));
        await AssertFailedAfterAsync(id, attempts: 5);
    }

    [Fact]
    public async Task Policy_StartsNoAttemptAfterItsTimeout()
    {
        var id = await StartAsync(nameof(RetryFunctions.TimesOut));
        foreach (var seconds in new[] { 1, 1 }) await PassAsync(TimeSpan.FromSeconds(seconds));
        await AssertFailedAfterAsync(id, attempts: 3);
    }

    [Fact]
    public async Task Policy_AsksWhetherAFailureMayBeRetried()
    {
        var id = await StartAsync(nameof(RetryFunctions.Hopeless));
        await PassAsync(TimeSpan.FromSeconds(1));
        await AssertFailedAfterAsync(id, attempts: 2);
    }

    [Fact]
    public async Task Handler_DecidesAndMayPause()
    {
        var id = await StartAsync(nameof(RetryFunctions.ByHandler));
        foreach (var seconds in new[] { 1, 2 }) await PassAsync(TimeSpan.FromSeconds(seconds));
        Assert.Equal(3, (await _rig.EndOfAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task SubOrchestration_IsRetriedAsANewInstance()
    {
        var id = await StartAsync(nameof(RetryFunctions.ParentRetries));
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await _rig.EndOfAsync(id)).ReadOutputAs<int>());
        var children = new List<OrchestrationRuntimeStatus>();
        await foreach (var child in _rig.Client.GetAllInstancesAsync())
            if (child.Name == nameof(RetryFunctions.Child)) children.Add(child.RuntimeStatus);
        Assert.Equal([OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed], children.Order());
    }

    private Task<string> StartAsync(string orchestrator, object? input = null) =>
        _rig.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);

    /// <summary>Waits until a pause of just this length is on, and lets it pass.</summary>
    private async Task PassAsync(TimeSpan pause)
    {
        await _clock.Armed.WaitAsync(armed => armed == pause, $"a pause of {pause}", from: _seen);
        _seen = _clock.Armed.Count;
        _clock.Advance(pause);
    }

    private int _seen;

    private async Task AssertFailedAfterAsync(string id, int attempts)
    {
        var end = await _rig.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains($"attempt {attempts} fails", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(attempts, _rig.Journal.CountOf("attempt"));
    }
}
