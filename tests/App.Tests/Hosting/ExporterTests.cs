using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.TestKit.Peers;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Hosting;

[Trait("row", "B5")]
public sealed class ExporterTests
{
    [Fact(DisplayName = "B5: the functions send their spans, metrics and logs to a collector, the last of them before they end")]
    public async Task A_collector_is_told_everything()
    {
        await using var collector = await CollectorPeer.StartAsync();
        using var meter = new Meter(AppMetrics.MeterName);
        using var source = new ActivitySource("ClickToDial.Test");
        using (var logs = LoggerFactory.Create(logging => Exporters.AddLogs(logging, collector.Url.ToString())))
        await using (var exporters = new Exporters(new TelemetryOptions { OtlpEndpoint = collector.Url.ToString() }))
        {
            await exporters.StartAsync(default);
            meter.CreateCounter<long>("clicktodial.test").Add(1);
            source.Begin("a span", ActivityKind.Internal, null).End();
            logs.CreateLogger("test").LogWarning("a line");
        }

        await collector.GetsAsync("/v1/traces", "a span");
        await collector.GetsAsync("/v1/metrics", "clicktodial.test");
        await collector.GetsAsync("/v1/logs", "a line");
        Assert.All(collector.Exports.Snapshot(), export => Assert.Contains("click-to-dial-functions", export.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("grpc://127.0.0.1:4317", false)]
    public void The_address_of_a_collector_is_checked(string endpoint, bool isGood) =>
        Assert.Equal(isGood, !new TelemetryOptions { OtlpEndpoint = endpoint }.Faults().Any());
}
