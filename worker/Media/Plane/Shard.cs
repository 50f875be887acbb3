using System.Collections.Concurrent;
using ClickToDial.Media.Linux;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Plane;

/// <summary>One thread that owns an engine, a relay and their legs. Others reach it by posting commands.</summary>
internal sealed class Shard
{
    private readonly ConcurrentQueue<Action<Relay>> _commands = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<IPacketEngine> _createEngine;
    private readonly Func<IPacketEngine, Relay> _createRelay;
    private readonly ILogger _logger;
    private IPacketEngine? _engine;
    private int _wakePending;
    private volatile bool _stopping;
    private int _legs;

    public Shard(int index, Func<IPacketEngine> createEngine, Func<IPacketEngine, Relay> createRelay, ILogger logger)
    {
        _createEngine = createEngine;
        _createRelay = createRelay;
        _logger = logger;
        var thread = new Thread(Run) { IsBackground = true, Name = $"media-{index}", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <summary>Done when packets can flow; faulted when no engine could be made.</summary>
    public Task Started => _started.Task;

    /// <summary>Done when stopped; faulted when the loop died, which is a fault of ours.</summary>
    public Task Ended => _ended.Task;

    public string EngineName => _engine?.Name ?? "none";

    /// <summary>Legs opened and not closed, for choosing the emptiest shard.</summary>
    public int Legs => Volatile.Read(ref _legs);

    public void CountLeg(int change) => Interlocked.Add(ref _legs, change);

    /// <summary>Runs the command on the shard's thread, after those posted before. False when the shard has ended.</summary>
    public bool Post(Action<Relay> command)
    {
        if (_ended.Task.IsCompleted) return false;
        _commands.Enqueue(command);
        if (Interlocked.Exchange(ref _wakePending, 1) == 0) _engine?.Wake();
        return true;
    }

    /// <summary>Ends the thread after the commands posted so far.</summary>
    public Task StopAsync()
    {
        Post(_ => _stopping = true);
        return _ended.Task;
    }

    private void Run()
    {
        try
        {
            using var engine = _createEngine();
            _engine = engine;
            var relay = _createRelay(engine);
            // A command posted before a packet was sent is carried out before that packet is looked at.
            relay.BeforeBatch = () => Drain(relay);
            _started.SetResult();
            Drain(relay);
            while (!_stopping) engine.Wait(relay.Tick(), relay);
            Drain(relay);
            _engine = null;
            _ended.SetResult();
        }
        catch (Exception fault) when (Report(fault))
        {
            // Reported: the plane's owner sees the faulted task and stops the process.
        }
    }

    private void Drain(Relay relay)
    {
        // Cleared before the queue is read, so a command posted meanwhile wakes the engine again.
        Volatile.Write(ref _wakePending, 0);
        while (_commands.TryDequeue(out var command)) command(relay);
    }

    private bool Report(Exception fault)
    {
        _engine = null;
        if (_started.TrySetException(fault)) _ended.TrySetException(fault);
        else if (_ended.TrySetException(fault)) MediaLog.ShardDied(_logger, fault);
        return true;
    }
}
