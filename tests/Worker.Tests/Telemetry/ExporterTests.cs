using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Telemetry;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Telemetry;

[Trait("row", "B5")]
public sealed class ExporterTests
{
    [Fact(DisplayName = "B5: a worker sends its spans, metrics and logs to a collector, the last of them before it ends")]
    public async Task A_collector_is_told_everything()
    {
        await using var collector = await CollectorPeer.StartAsync();
        await using var worker = await LoneWorker.StartAsync(["101"], new Dictionary<string, string?> { ["Telemetry__OtlpEndpoint"] = collector.Url.ToString() });
        await using (var phone = await Phone.RegisteredAsync(worker.PhoneOf("101", 440)))
        {
            var call = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "busy"));
            await worker.Functions.EndAsync(call);
        }

        await worker.Part.StopAsync();

        await collector.GetsAsync("/v1/traces", "SIP INVITE");
        await collector.GetsAsync("/v1/metrics", "clicktodial.calls.ended");
        await collector.GetsAsync("/v1/logs", "Draining");
        Assert.All(collector.Exports.Snapshot(), export => Assert.Contains("click-to-dial-worker", export.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("https://collector.example/otlp", true)]
    [InlineData("127.0.0.1:4318", false)]
    [InlineData("grpc://127.0.0.1:4317", false)]
    public void The_address_of_a_collector_is_checked(string endpoint, bool isGood) =>
        Assert.Equal(isGood, !new TelemetryOptions { OtlpEndpoint = endpoint }.Validate().Any());
}
