using System.Security.Cryptography.X509Certificates;
using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Tls;
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

    [Fact(DisplayName = "B5: a worker sends requests, metrics and logs to Application Insights with the identity of its machine, under the names that are asked for")]
    public async Task Application_Insights_is_told_everything()
    {
        using var authority = new TestAuthority();
        var tls = authority.Issue("insights", "127.0.0.1");
        using var pem = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        await using var insights = await InsightsPeer.StartAsync(pem, authority.RootFile);
        await using var worker = await LoneWorker.StartAsync(
            ["101"], new Dictionary<string, string?>(insights.Settings) { ["Worker__SecretsFolder"] = authority.Folder });
        await using (var phone = await Phone.RegisteredAsync(worker.PhoneOf("101", 440)))
        {
            var call = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "busy"));
            await worker.Functions.EndAsync(call);
        }

        await worker.Part.StopAsync();

        var ended = await insights.MetricAsync("clicktodial.calls.ended");
        Assert.Equal(1, ended.Value);
        Assert.NotNull(ended.Label("result"));
        Assert.NotNull(ended.Label("reason"));
        // Autoscale and alerts look at these, without labels and in the namespace of all custom metrics.
        foreach (var gauge in new[] { "clicktodial.calls.active", "clicktodial.calls.load", "clicktodial.secrets.failing" })
        {
            var told = await insights.MetricAsync(gauge);
            Assert.False(told.Data.GetProperty("metrics")[0].TryGetProperty("ns", out _));
            Assert.Empty(told.Data.TryGetProperty("properties", out var labels) ? labels.EnumerateObject().Where(label => !label.Name.StartsWith("_MS.", StringComparison.Ordinal)) : []);
        }

        await insights.Items.WaitAsync(item => item.Kind == "RemoteDependencyData" && item.Data.GetProperty("name").GetString() == "SIP INVITE", "the span of an INVITE");
        await insights.Items.WaitAsync(item => item.Kind == "MessageData" && item.Data.GetProperty("message").GetString()!.Contains("Draining", StringComparison.Ordinal), "a line of the log");
        // What the exporter adds of its own, sums of requests and dependencies, says in a label who it is of.
        Assert.All(insights.Items.Snapshot(), item => Assert.Equal(
            ("click-to-dial-worker", $"Bearer {InsightsPeer.Token}"), (item.Label("cloud/roleName") ?? item.Role, item.Authorization)));
        Assert.NotEmpty(insights.Identities.Snapshot());
        Assert.All(insights.Identities.Snapshot(), client => Assert.Equal("the-client", client));
    }

    [Theory(DisplayName = "B5: who is called is a row of stars in spans, unless support has it shown")]
    [InlineData("false", "***")]
    [InlineData("true", "busy")]
    public async Task Numbers_are_shown_to_support_alone(string shown, string told)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var worker = await LoneWorker.StartAsync(["101"], new Dictionary<string, string?> { ["Telemetry__SpanFile"] = file, ["Telemetry__ShowNumbers"] = shown }))
            {
                await using (await Phone.RegisteredAsync(worker.PhoneOf("101", 440)))
                    await worker.Functions.EndAsync(await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "busy")));
                await worker.Part.StopAsync();
            }

            var call = Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line => line.Contains("call.destination", StringComparison.Ordinal));
            Assert.Contains($"\"call.destination\":\"{told}\"", call, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://x.example/", "Authorization=AAD", true)]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://x.example/", "", true)]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://x.example/", "Authorization=AAD", false)]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001", "", false)]
    [InlineData("tell-nobody", "", false)]
    [InlineData("", "tell-nobody", false)]
    public void The_address_of_Application_Insights_is_checked(string connection, string identity, bool isGood)
    {
        var faults = new TelemetryOptions { Insights = connection, InsightsIdentity = identity }.Validate().ToList();
        Assert.Equal(isGood, faults.Count == 0);
        Assert.All(faults, fault => Assert.DoesNotContain("tell-nobody", fault, StringComparison.Ordinal));
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
