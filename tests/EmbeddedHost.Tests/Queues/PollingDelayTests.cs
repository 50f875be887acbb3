using ClickToDial.EmbeddedHost.Queues;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

public sealed class PollingDelayTests
{
    [Fact]
    public void Pauses_DoubleUpToTheLongestAndStartAgainAfterAMessage()
    {
        var delay = new PollingDelay(TimeSpan.FromSeconds(1), new Random(1));
        int[] expected = [100, 200, 400, 800, 1000, 1000];
        foreach (var milliseconds in expected) AssertAbout(milliseconds, delay.Next());
        delay.Reset();
        AssertAbout(100, delay.Next());
    }

    [Fact]
    public void Pauses_DifferFromListenerToListener()
    {
        var random = new Random(1);
        Assert.NotEqual(new PollingDelay(TimeSpan.FromSeconds(1), random).Next(), new PollingDelay(TimeSpan.FromSeconds(1), random).Next());
    }

    private static void AssertAbout(int milliseconds, TimeSpan pause) =>
        Assert.InRange(pause.TotalMilliseconds, milliseconds * 0.8, milliseconds);
}
