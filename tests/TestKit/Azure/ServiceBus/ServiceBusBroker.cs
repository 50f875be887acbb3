using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>
/// A test peer for the Service Bus SDK, in this process: queues, sessions, settlement, dead letters, scheduled messages and
/// duplicate detection by AMQP 1.0 on a port of loopback. Nothing for production: it checks no token and writes nothing to disk.
/// Queues outlive <see cref="KillAsync"/> and <see cref="StartAsync"/>, as they outlive a restart of the real one.
/// </summary>
public sealed class ServiceBusBroker : IAsyncDisposable
{
    private readonly Dictionary<string, BusQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly TimeProvider _time;
    private readonly BusLoop _loop;
    private readonly int _port;
    private readonly Dictionary<string, int> _counts = new(StringComparer.OrdinalIgnoreCase);
    private readonly EventLog<(string Queue, int Count)> _changes = new("messages in queues");
    private BusWire? _wire;
    private AmqpTransportListener? _listener;

    public ServiceBusBroker(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _port = _ports.Next();
        _loop = new BusLoop(Turn, _time);
    }

    /// <summary>For the SDK as it is; the key is made up, and any other would do.</summary>
    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{_port};SharedAccessKeyName=Test;SharedAccessKey=dGVzdA==;UseDevelopmentEmulator=true;";

    /// <summary>Before <see cref="StartAsync"/>.</summary>
    public void AddQueue(string name, BusQueueOptions options)
    {
        var dead = new BusQueue($"{name}/$deadletterqueue", new BusQueueOptions(MaxDeliveryCount: int.MaxValue), null);
        _queues.Add(dead.Name, dead);
        _queues.Add(name, new BusQueue(name, options, dead));
    }

    /// <summary>Listens; again on the same port after it was killed.</summary>
    public Task StartAsync()
    {
        var settings = new AmqpSettings();
        _wire = new BusWire(_queues, _loop, _time);
        settings.RuntimeProvider = _wire;
        var version = new AmqpVersion(1, 0, 0);
        var sasl = new SaslTransportProvider();
        sasl.Versions.Add(version);
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        var amqp = new AmqpTransportProvider();
        amqp.Versions.Add(version);
        settings.TransportProviders.Add(sasl);
        settings.TransportProviders.Add(amqp);
        var tcp = new TcpTransportSettings { Host = "127.0.0.1", Port = _port };
        _listener = new AmqpTransportListener([tcp.CreateListener()], settings);
        _listener.Listen((_, accepted) => _wire.Accept(accepted, settings));
        return Task.CompletedTask;
    }

    /// <summary>Ends every connection without a word, and answers no more; what is in the queues stays.</summary>
    public async Task KillAsync()
    {
        _listener?.Close();
        _listener = null;
        if (_wire is not { } wire) return;
        _wire = null;
        wire.Abort();
        // What the connections' ends have caused is done when this is.
        await _loop.AskAsync(() => 0);
    }

    /// <summary>Messages in a queue: free, locked and scheduled ones.</summary>
    public Task<int> CountAsync(string queue) => _loop.AskAsync(() => _queues[queue].Count);

    /// <summary>Waits until a queue has so many messages.</summary>
    public Task UntilCountAsync(string queue, int count) =>
        _changes.WaitForAsync(async () => await CountAsync(queue) == count ? queue : null, $"{count} messages in {queue}");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _loop.DisposeAsync();
        _ports.Dispose();
    }

    private TimeSpan? Turn()
    {
        var now = _time.GetUtcNow();
        foreach (var queue in _queues.Values) queue.Pass(now);
        _wire?.Pump(now);
        foreach (var (name, queue) in _queues)
        {
            if (_counts.GetValueOrDefault(name) == queue.Count) continue;
            _counts[name] = queue.Count;
            _changes.Append((name, queue.Count));
        }

        var next = _queues.Values.Select(q => q.NextChange()).Min();
        return next is not { } at ? null : at > now ? at - now + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
    }
}
