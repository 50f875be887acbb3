using ClickToDial.EmbeddedHost.Settings;
using ClickToDial.EmbeddedHost.Tests.Http;
using ClickToDial.EmbeddedHost.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Tests.Settings;

public sealed class HostJsonTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("host-json-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void EveryQueueSetting_IsRead()
    {
        var host = Load("""
            {
              // Comments and trailing commas are allowed, as on the real host.
              "version": "2.0",
              "extensions": { "http": { "routePrefix": "v1/api/" }, "queues": {
                "batchSize": 32, "newBatchThreshold": 0, "visibilityTimeout": "00:00:05", "maxDequeueCount": 2,
                "maxPollingInterval": "00:00:00.500", "messageEncoding": "None", } },
            }
            """);
        Assert.Empty(host.Errors);
        Assert.Equal("v1/api", host.RoutePrefix);
        Assert.Equal(
            new QueueSettings
            {
                BatchSize = 32,
                NewBatchThreshold = 0,
                VisibilityTimeout = TimeSpan.FromSeconds(5),
                MaxDequeueCount = 2,
                MaxPollingInterval = TimeSpan.FromMilliseconds(500),
                Encoding = QueueMessageEncoding.None,
            },
            host.Queues);
    }

    [Fact]
    public void WhatIsAbsent_HasTheRealHostsDefault()
    {
        var host = Load("""{ "version": "2.0" }""");
        Assert.Equal("api", host.RoutePrefix);
        Assert.Equal(
            new QueueSettings
            {
                BatchSize = 16,
                NewBatchThreshold = 8,
                VisibilityTimeout = TimeSpan.Zero,
                MaxDequeueCount = 5,
                MaxPollingInterval = TimeSpan.FromMinutes(1),
                Encoding = QueueMessageEncoding.Base64,
            },
            host.Queues);
    }

    [Fact]
    public void ServiceBusSettings_AreReadAndHaveTheRealHostsDefaults()
    {
        var host = Load("""
            { "version": "2.0", "extensions": { "serviceBus": { "maxConcurrentSessions": 20, "sessionIdleTimeout": "00:00:02", "prefetchCount": 5,
              "maxAutoLockRenewalDuration": "00:01:00", "transportType": "amqpTcp", "autoCompleteMessages": true } } }
            """);
        var bad = Load("""{ "version": "2.0", "extensions": { "serviceBus": { "maxConcurrentSessions": 0, "autoCompleteMessages": false, "sessions": 1 } } }""");

        Assert.Empty(host.Errors);
        Assert.Equal(
            new ServiceBusSettings
            {
                MaxConcurrentSessions = 20,
                SessionIdleTimeout = TimeSpan.FromSeconds(2),
                PrefetchCount = 5,
                MaxAutoLockRenewal = TimeSpan.FromMinutes(1),
            },
            host.ServiceBus);
        Assert.Equal(new ServiceBusSettings(), Load("""{ "version": "2.0" }""").ServiceBus);
        Assert.Equal(3, bad.Errors.Count);
    }

    [Fact]
    public void NewBatchThreshold_IsHalfTheBatchWhenAbsent() =>
        Assert.Equal(2, Load("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 5 } } }""").Queues.NewBatchThreshold);

    [Fact]
    public void Setting_OutranksTheFile()
    {
        File.WriteAllText(Path.Combine(_root.FullName, "host.json"), """{ "version": "2.0", "extensions": { "queues": { "batchSize": 5 } } }""");
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "7" }).Build();
        Assert.Equal(7, HostJson.Load(_root.FullName, settings).Queues.BatchSize);
    }

    [Fact]
    public void EverythingWrong_IsSaidAtOnce()
    {
        var errors = Load("""
            { "version": "1.0", "extensions": {
              "http": { "routePrefix": "a/{b}", "routePrefx": "" },
              "queues": { "batchSize": 33, "newBatchThreshold": -1, "visibilityTimeout": "soon", "maxDequeueCount": 0,
                          "maxPollingInterval": "00:00:00.050", "messageEncoding": "utf8", "batchsizes": 1 } } }
            """).Errors;
        string[] expected =
        [
            "version must be \"2.0\"", "routePrefix 'a/{b}'", "extensions.http.routePrefx is not a known", "queues.batchSize must be",
            "newBatchThreshold", "visibilityTimeout", "maxDequeueCount", "maxPollingInterval", "messageEncoding", "batchsizes is not a known",
        ];
        foreach (var part in expected) Assert.Contains(errors, e => e.Contains(part, StringComparison.Ordinal));
        Assert.Equal(expected.Length, errors.Count);
    }

    [Theory]
    [InlineData("{ \"version\": ")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("not json")]
    public void FileThatIsNoJsonObject_IsOneError(string text) => Assert.Contains("host.json is not valid JSON", Assert.Single(Load(text).Errors));

    [Fact]
    public void MissingFile_IsAnError() =>
        Assert.Contains(
            HostRig.ErrorsOf(new HostRigOptions(typeof(RouteOrderTests.ByMethod)) { WriteHostJson = false }),
            e => e.StartsWith("There is no host.json", StringComparison.Ordinal));

    [Theory]
    [InlineData("""{ "version": "2.0" }""", "/api/items")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""", "/items")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": "deep/er" } } }""", "/deep/er/items")]
    public async Task RoutePrefix_StandsBeforeEveryRoute(string hostJson, string path)
    {
        await using var rig = await HostRig.StartAsync(new HostRigOptions(typeof(RouteOrderTests.ByMethod)) { HostJson = hostJson });
        Assert.Equal("list GET", await rig.Client.GetStringAsync(path));
    }

    private HostJson Load(string text)
    {
        File.WriteAllText(Path.Combine(_root.FullName, "host.json"), text);
        return HostJson.Load(_root.FullName, new ConfigurationBuilder().Build());
    }
}
