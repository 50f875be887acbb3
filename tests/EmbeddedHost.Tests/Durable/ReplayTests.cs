using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed class ReplayTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ArmingClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, DurableRig.NewHub(), [typeof(ReplayFunctions)], _clock);
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task EachStep_RepeatsTheEarlierOnesWithTheSameAnswers()
    {
        var end = await _rig.RunAsync(nameof(ReplayFunctions.Witness), id: "witness");
        Assert.Equal("Witness witness", end.ReadOutputAs<string>());
        var seen = _rig.Journal.Entries.Snapshot();
        Assert.Equal(
            ["start False", "start True", "middle False", "start True", "middle True", "end False"],
            seen.Select(e => string.Join(' ', e.Split(' ').Take(2))));
        // Time and ids: one of each per place in the code, whichever run.
        Assert.Single(seen.Where(e => e.StartsWith("start", StringComparison.Ordinal)).Select(Known).Distinct());
        Assert.Single(seen.Where(e => e.StartsWith("middle", StringComparison.Ordinal)).Select(Known).Distinct());
        Assert.Equal(2, seen.Where(e => !e.StartsWith("end", StringComparison.Ordinal)).Select(e => e.Split(' ')[3]).Distinct().Count());

        static string Known(string entry) => string.Join(' ', entry.Split(' ').Skip(2));
    }

    [Fact]
    public async Task ReplaySafeLogger_SaysEverythingOnce()
    {
        await _rig.RunAsync(nameof(ReplayFunctions.Witness));
        foreach (var text in new[] { "before", "between", "after" })
            Assert.Single(_rig.Logs.Snapshot(), l => l.Text == text);
    }

    [Theory]
    [InlineData(nameof(ReplayFunctions.OtherActivity), "history has activity 'One' (#0), the code now asks for activity 'Other' (#0)")]
    [InlineData(nameof(ReplayFunctions.TimerInstead), "history has activity 'One' (#0), the code now asks for a timer (#0)")]
    [InlineData(nameof(ReplayFunctions.AsksNoMore), "history has activity 'One' (#0), the code now asks for nothing more")]
    [InlineData(nameof(ReplayFunctions.AsksMore), "history has nothing more, the code now asks for activity 'Other' (#1)")]
    public async Task CodeThatDisagreesWithHistory_FailsAndSaysWhere(string orchestrator, string expected)
    {
        var end = await _rig.RunAsync(orchestrator);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.EndsWith("NonDeterministicOrchestrationException", end.FailureDetails!.ErrorType, StringComparison.Ordinal);
        Assert.Contains(expected, end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ReplayFunctions.AwaitsForeign))]
    [InlineData(nameof(ReplayFunctions.LeavesThread))]
    public async Task CodeThatAwaitsSomethingElse_FailsInsteadOfHanging(string orchestrator)
    {
        var end = await _rig.RunAsync(orchestrator);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("not durable", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailureOfTheCode_KeepsTypeMessageAndCause()
    {
        var failure = (await _rig.RunAsync(nameof(ReplayFunctions.Throws))).FailureDetails!;
        Assert.Equal(("System.InvalidOperationException", "outside"), (failure.ErrorType, failure.ErrorMessage));
        Assert.Equal("inside", failure.InnerFailure!.ErrorMessage);
        Assert.True(failure.IsCausedBy<InvalidOperationException>());
        Assert.True(failure.IsCausedBy<Exception>());
        Assert.False(failure.IsCausedBy<FormatException>());
    }

    [Fact]
    public async Task TooLongStatusAndUnfitInput_FailTheInstance()
    {
        Assert.Contains(
            "custom status", (await _rig.RunAsync(nameof(ReplayFunctions.LongStatus))).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(
            "does not fit", (await _rig.RunAsync(nameof(ReplayFunctions.BadInput), "text")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrchestratorWithoutTask_ReturnsItsValue() =>
        Assert.Equal(8, (await _rig.RunAsync(nameof(ReplayFunctions.NotAsync), 7)).ReadOutputAs<int>());
}
