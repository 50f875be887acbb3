using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Problems;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Peers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Hosting;

[Trait("row", "B5")]
public sealed class ExporterTests
{
    [Fact(DisplayName = "B5: the functions send their spans, metrics and logs to a collector, the last of them before they end")]
    public async Task A_collector_is_told_everything()
    {
        await using var collector = await CollectorPeer.StartAsync();
        var options = new TelemetryOptions { OtlpEndpoint = collector.Url.ToString() };
        using var meter = new Meter(AppMetrics.MeterName);
        using var source = new ActivitySource("ClickToDial.Test");
        using (var logs = LoggerFactory.Create(logging => Exporters.AddLogs(logging, options)))
        await using (var exporters = new Exporters(options))
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

    [Fact(DisplayName = "B5: the functions send spans, logs and what they count to Application Insights, under the names and labels that alerts and workbook ask for")]
    public async Task Application_Insights_is_told_everything()
    {
        await using var insights = await InsightsPeer.StartAsync();
        var options = new TelemetryOptions { Insights = insights.ConnectionString };
        using var source = new ActivitySource("ClickToDial.Test");
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using (var logs = LoggerFactory.Create(logging => Exporters.AddLogs(logging, options)))
        await using (var exporters = new Exporters(options))
        {
            await exporters.StartAsync(default);
            var metrics = new AppMetrics(services.GetRequiredService<IMeterFactory>());
            metrics.Ingested(3);
            metrics.IngestFailed();
            metrics.DeliveryTried("dead");
            metrics.Refused(KnownProblems.DestinationNotAllowed);
            metrics.Oldest("of-this-test", TimeSpan.FromMinutes(7));
            metrics.SecretsLooked(isTaken: false);
            metrics.SealedWithOlderKeys(rows: 2, unreadable: 4);
            source.Begin("a request", ActivityKind.Server, null).End();
            logs.CreateLogger("test").LogWarning("a line");
        }

        // Apps of other tests in this process count into the same.
        await insights.MetricAsync("clicktodial.ingest.accepted", m => m.Value >= 3);
        await insights.MetricAsync("clicktodial.ingest.failures", m => m.Value >= 1);
        await insights.MetricAsync("clicktodial.deliveries", m => m.Label("outcome") == "dead");
        await insights.MetricAsync(AppMetrics.RefusedName, m => m.Label("reason") == KnownProblems.DestinationNotAllowed.Reason);
        Assert.Equal(420, (await insights.MetricAsync("clicktodial.queue.oldest", m => m.Label("queue") == "of-this-test")).Value);
        await insights.MetricAsync("clicktodial.secrets.failing");
        await insights.MetricAsync("clicktodial.secrets.older", m => m.Label("rows") == "unreadable");
        await insights.Items.WaitAsync(item => item.Kind == "RequestData" && item.Data.GetProperty("name").GetString() == "a request", "the request");
        await insights.Items.WaitAsync(item => item.Kind == "MessageData" && item.Data.GetProperty("message").GetString() == "a line", "the line");
        Assert.All(insights.Items.Snapshot(), item => Assert.Equal("click-to-dial-functions", item.Label("cloud/roleName") ?? item.Role));
    }

    [Fact(DisplayName = "B5: what dial links carry is logged nowhere, and sent to nobody")]
    public async Task Request_lines_are_not_logged()
    {
        await using var collector = await CollectorPeer.StartAsync();
        var written = new EventLog<LogLine>("log");
        using (var logs = Factory(new TelemetryOptions { OtlpEndpoint = collector.Url.ToString() }))
        using (var unsent = Factory(new TelemetryOptions()))
        {
            foreach (var factory in (ILoggerFactory[])[logs, unsent])
            {
                var line = factory.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");
                line.LogInformation("Request starting GET /remote_call.htm?auth=tell-nobody");
                line.LogWarning("a fault");
            }
        }

        await collector.GetsAsync("/v1/logs", "a fault");
        Assert.Equal(["a fault", "a fault"], written.Snapshot().Select(line => line.Text.Trim()));
        Assert.All(collector.Exports.Snapshot(), export => Assert.DoesNotContain("tell-nobody", export.Text, StringComparison.Ordinal));

        ILoggerFactory Factory(TelemetryOptions options) => LoggerFactory.Create(logging =>
        {
            logging.AddProvider(new EventLogProvider(written));
            Exporters.AddLogs(logging, options);
        });
    }

    [Fact]
    public void Azures_own_settings_are_taken_where_ours_say_nothing()
    {
        var azure = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [InsightsAddress.ConnectionSetting] = "theirs",
            [InsightsAddress.AuthenticationSetting] = "ClientId=some;Authorization=AAD",
        }).Build();
        var (unset, set) = (new TelemetryOptions(), new TelemetryOptions { Insights = "ours" });
        unset.Complete(azure);
        set.Complete(azure);

        Assert.Equal(("theirs", "ours"), (unset.Insights, set.Insights));
        Assert.Equal("some", InsightsAddress.ClientId(unset.InsightsIdentity));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("grpc://127.0.0.1:4317", false)]
    public void The_address_of_a_collector_is_checked(string endpoint, bool isGood) =>
        Assert.Equal(isGood, !new TelemetryOptions { OtlpEndpoint = endpoint }.Faults().Any());
}
