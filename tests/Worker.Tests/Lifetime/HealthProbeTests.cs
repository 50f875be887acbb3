using ClickToDial.Worker.Lifetime;

namespace ClickToDial.Worker.Tests.Lifetime;

/// <summary>That it asks a real worker is shown by the tests of its image.</summary>
public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/healthz/live")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/healthz/live")]
    [InlineData("http://[::]:81/", "http://[::1]:81/healthz/live")]
    [InlineData("https://worker.example:8443", "https://worker.example:8443/healthz/live")]
    public void It_asks_where_the_worker_can_be_reached(string controlUrl, string asked) =>
        Assert.Equal(new Uri(asked), HealthProbe.Asked(new Uri(controlUrl)));

    [Theory]
    [InlineData("")]
    [InlineData("no address")]
    public async Task What_is_no_address_is_not_healthy(string controlUrl) => Assert.Equal(1, await HealthProbe.RunAsync(controlUrl));
}
