using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>A host with durable functions over a real Azurite, on a task hub of its own.</summary>
internal sealed class DurableRig : IAsyncDisposable
{
    private readonly HostRig _host;

    private DurableRig(HostRig host, Journal journal) => (_host, Journal) = (host, journal);

    public DurableTaskClient Client => _host.Services.GetRequiredService<DurableTaskClient>();

    public Journal Journal { get; }

    public EventLog<LogLine> Logs => _host.Logs;

    public static string NewHub() => "H" + Guid.NewGuid().ToString("N")[..12];

    public static Task<DurableRig> StartAsync(AzuriteFixture azurite, params Type[] functions) => StartAsync(azurite, NewHub(), functions);

    public static async Task<DurableRig> StartAsync(
        AzuriteFixture azurite, string hub, Type[] functions, TimeProvider? clock = null, Journal? journal = null, TimeSpan? poll = null, bool keepsCode = false)
    {
        journal ??= new Journal();
        var host = await HostRig.StartAsync(new HostRigOptions(functions)
        {
            HostJson = $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{hub}}", "extendedSessionsEnabled": {{(keepsCode ? "true" : "false")}} } } }""",
            Settings = new Dictionary<string, string> { ["AzureWebJobsStorage"] = azurite.ConnectionString },
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton(journal);
                if (clock is not null) builder.Services.AddSingleton(clock);
                builder.Services.Configure<EmbeddedHostOptions>(options =>
                {
                    options.DurableLease = TimeSpan.FromSeconds(1);
                    options.DurablePoll = poll ?? TimeSpan.FromMilliseconds(200);
                });
            },
        });
        return new DurableRig(host, journal);
    }

    public Task StopAsync() => _host.StopAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Runs an orchestrator to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, string? id = null)
    {
        var started = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));
        return await EndOfAsync(started);
    }

    /// <summary>The ended instance with its payloads.</summary>
    public async Task<OrchestrationMetadata> EndOfAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience.Start);
        try
        {
            return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{id} has not ended. {string.Join(Environment.NewLine, Logs.Snapshot().TakeLast(30))}", e);
        }
    }
}
