using Azure.Core;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable.Storage;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The two tables of the task hub; made when first needed.</summary>
internal sealed class DurableStorage : IDisposable
{
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly TableClient? _instances;
    private readonly TableClient? _index;
    private volatile bool _ready;

    public DurableStorage(SettingResolver settings, HostJson hostJson, HostTools tools)
    {
        var connection = settings.Connection(name: null, out var error);
        Error = error;
        if (connection is null) return;
        var options = new TableClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                NetworkTimeout = TimeSpan.FromSeconds(10),
            },
        };
        try
        {
            _instances = new TableClient(connection, hostJson.Durable.HubName + "Instances", options);
            _index = new TableClient(connection, hostJson.Durable.HubName + "Index", options);
        }
        catch (FormatException)
        {
            // The exception's text may hold the account key.
            Error = "The connection 'AzureWebJobsStorage' is not a storage connection string.";
            return;
        }
        Instances = new InstanceStore(_instances);
        Active = new ActiveIndex(_index);
        Hosts = new HostLeases(_index, tools.Time);
    }

    /// <summary>Why there is no storage; null when there is.</summary>
    public string? Error { get; }

    public InstanceStore Instances { get => field ?? throw Missing(); }

    public ActiveIndex Active { get => field ?? throw Missing(); }

    public HostLeases Hosts { get => field ?? throw Missing(); }

    public async Task EnsureReadyAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await _creating.WaitAsync(cancel);
        try
        {
            if (_ready) return;
            await (_instances ?? throw Missing()).CreateIfNotExistsAsync(cancel);
            await (_index ?? throw Missing()).CreateIfNotExistsAsync(cancel);
            _ready = true;
        }
        finally
        {
            _creating.Release();
        }
    }

    public void Dispose() => _creating.Dispose();

    private InvalidOperationException Missing() => new($"Durable functions have no storage. {Error}");
}
