using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed class ActivityTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, typeof(ActivityFunctions));
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Chain_GivesEachAnswerToTheNextStep_AndRunsEachOnce()
    {
        var end = await _rig.RunAsync(nameof(ActivityFunctions.Chain), 5);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("0+1+2+3+4+", end.ReadOutputAs<string>());
        Assert.Equal(5, end.ReadInputAs<int>());
        Assert.Equal(
            ["append 0", "append 0+1", "append 0+1+2", "append 0+1+2+3", "append 0+1+2+3+4"], _rig.Journal.Entries.Snapshot());
    }

    [Fact]
    public async Task FanOut_WaitsForAll()
    {
        var end = await _rig.RunAsync(nameof(ActivityFunctions.FanOut), 150);
        Assert.Equal(Enumerable.Range(0, 150).Sum(i => i * i), end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Records_TravelAsJson_AndTheInstanceIdBindsByName()
    {
        var end = await _rig.RunAsync(nameof(ActivityFunctions.Types), new Order("phone", 2), "typed / id # with ? signs %$");
        Assert.Equal(new Order("phone", 4), end.ReadOutputAs<Order>());
        Assert.Equal(1, _rig.Journal.CountOf("nothing for typed / id # with ? signs %$"));
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(900_000)]
    [InlineData(3_000_000)]
    public async Task LargePayloads_AreSplitAndComeBackWhole(int length)
    {
        var text = string.Create(length, length, static (chars, n) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = (char)('a' + (((i * 7) + n) % 26));
        });
        var end = await _rig.RunAsync(nameof(ActivityFunctions.Carry), text);
        Assert.Equal(text, end.ReadOutputAs<string>());
        Assert.Equal(text, end.ReadInputAs<string>());
    }

    [Fact]
    public async Task MissingActivity_FailsTheCaller()
    {
        var end = await _rig.RunAsync(nameof(ActivityFunctions.Unknown));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("NoSuchActivity", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }
}
