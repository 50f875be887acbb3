namespace ClickToDial.App.Tests.Support;

/// <summary>An app for one class of tests, which may put its clock forward; see <see cref="ShiftedClock"/>.</summary>
public sealed class ClockRig : IAsyncLifetime
{
    public AppRig App { get; } = new() { Domains = 40, MovesClock = true };

    public ValueTask InitializeAsync() => App.InitializeAsync();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
