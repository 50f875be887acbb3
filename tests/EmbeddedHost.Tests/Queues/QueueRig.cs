using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

/// <summary>Starts hosts that watch queues of an Azurite.</summary>
internal static class QueueRig
{
    /// <summary>Bodies as they are.</summary>
    public const string Plain = "\"messageEncoding\": \"none\"";

    public static Task<HostRig> StartAsync(
        AzuriteFixture azurite, string prefix, QueueRecorder recorder, Type[] functions,
        string? queues = null, TimeSpan? lease = null, TimeSpan? stopTimeout = null) =>
        HostRig.StartAsync(new HostRigOptions(functions)
        {
            HostJson = $$"""
                { "version": "2.0", "extensions": { "queues": {
                  "maxPollingInterval": "00:00:00.200", {{queues ?? Plain}} } } }
                """,
            QueueLease = lease ?? TimeSpan.FromSeconds(30),
            Settings = new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = azurite.ConnectionString,
                ["Queues:Prefix"] = prefix,
            },
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton(recorder);
                if (stopTimeout is { } limit) builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limit);
            },
        });
}
