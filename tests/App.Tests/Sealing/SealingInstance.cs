using System.Diagnostics.Metrics;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Directory;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.App.Sealing;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Secrets;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Sealing;

/// <summary>What one instance of the app has of everything that seals, with keys of its own.</summary>
internal sealed class SealingInstance : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private Action? _atResealed;
    private int _atCount;

    /// <param name="keys">Ids of its keys; the first seals.</param>
    public SealingInstance(string storage, ManualTimeProvider clock, params string[] keys)
    {
        Box = new SecretBox(KeysOf(keys), Random);
        var metrics = new AppMetrics(_services.GetRequiredService<IMeterFactory>());
        var clients = new StorageClients(new StorageOptions { ConnectionString = storage, TimeoutSeconds = 60 }, metrics, clock);
        (Entities, Scripts, Subscriptions) = (new DirectoryEntities(Box), new ScriptSecrets(clients, Box), new SubscriptionStore(clients, Box));
        States = new SealingStates(clients);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new EventLogProvider(Logs)));
        Resealer = new Resealer(
            clients, new RowSealer(Box), Box, [.. DirectoryEntities.Sealed, ScriptSecrets.Sealed, SubscriptionStore.Sealed], States, new SecretStoreOptions(),
            metrics, clock, loggers.CreateLogger<Resealer>());
        Clients = clients;
        Listen();
    }

    public TurnRandom Random { get; } = new();

    public SecretBox Box { get; }

    public StorageClients Clients { get; }

    public DirectoryEntities Entities { get; }

    public ScriptSecrets Scripts { get; }

    public SubscriptionStore Subscriptions { get; }

    public SealingStates States { get; }

    public Resealer Resealer { get; }

    public EventLog<LogLine> Logs { get; } = new("log");

    /// <summary>Rows that were sealed again, as the metric tells it.</summary>
    public int Resealed { get; private set; }

    /// <summary>Rows left under older keys, and those that do not open, as the metric told it last.</summary>
    public (long Readable, long Unreadable) Older { get; private set; }

    public void Take(params string[] keys) => Box.Replace(KeysOf(keys));

    /// <summary>When so many rows have been sealed again, and before the next is.</summary>
    public void WhenResealed(int count, Action happens) => (_atCount, _atResealed) = (count, happens);

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    // The same key for the same id, whoever has it.
    private static IReadOnlyList<SecretKey> KeysOf(string[] ids) =>
        [.. ids.Select(id => SecretKey.TryParse($"{id}:{Core.Access.ApiKey.HashOf(id)}", out var key) ? key : throw new FormatException(id))];

    private void Listen()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name.StartsWith("clicktodial.secrets.", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "clicktodial.secrets.older") Older = tags[0].Value is "readable" ? (value, Older.Unreadable) : (Older.Readable, value);
            else if (++Resealed == _atCount) _atResealed?.Invoke();
        });
        _listener.Start();
    }
}
