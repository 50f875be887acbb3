using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed class SubOrchestrationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, typeof(LifecycleFunctions));
    }

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Children_RunBesideEachOther_AndKnowTheirParent()
    {
        var end = await _rig.RunAsync(nameof(LifecycleFunctions.Parent), new[] { "a", "b" }, "family");
        Assert.Equal("A B", end.ReadOutputAs<string>());
        Assert.Equal(1, _rig.Journal.CountOf("child a of Parent family"));
        Assert.Equal(1, _rig.Journal.CountOf("child b of Parent family"));
    }

    [Fact]
    public async Task FailedChild_FailsTheCall() =>
        Assert.Equal(
            "Child: the child fails",
            (await _rig.RunAsync(nameof(LifecycleFunctions.Parent), new[] { "fail" })).ReadOutputAs<string>());

    [Fact]
    public async Task TerminatedChild_FailsTheCall()
    {
        var parent = await _rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleFunctions.NamedChild), "wait");
        await StartedAsync("the-child");
        await _rig.Client.TerminateInstanceAsync("the-child");
        Assert.Contains("terminated", (await _rig.EndOfAsync(parent)).ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TerminatedParent_TakesItsChildrenAlongOnlyWhenAsked(bool recursive)
    {
        var parent = await _rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleFunctions.NamedChild), "wait");
        await StartedAsync("the-child");
        await _rig.Client.TerminateInstanceAsync(parent, new TerminateInstanceOptions("enough", recursive));
        var end = await _rig.EndOfAsync(parent);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        if (!recursive) await _rig.Client.RaiseEventAsync("the-child", "go");
        var expected = recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Completed;
        Assert.Equal(expected, (await _rig.EndOfAsync("the-child")).RuntimeStatus);
    }

    [Fact]
    public async Task IdOfARunningInstance_IsRefused()
    {
        await _rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleFunctions.Steps), new StartOrchestrationOptions("the-child"));
        var end = await _rig.RunAsync(nameof(LifecycleFunctions.NamedChild), "x");
        Assert.Contains("has not ended", end.ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownOrchestrator_FailsTheCall()
    {
        var end = await _rig.RunAsync(nameof(LifecycleFunctions.UnknownChild));
        Assert.Contains("NoSuchOrchestrator", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>A child comes into being some time after its parent's step.</summary>
    private async Task StartedAsync(string id)
    {
        await _rig.Logs.WaitForAsync(() => _rig.Client.GetInstanceAsync(id), $"instance {id}");
        await _rig.Client.WaitForInstanceStartAsync(id);
    }
}
