using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The sessions of this process, the lease that lets it have them, and the look around for what it should have.</summary>
internal sealed class DurableEngine : ITriggerListener, ISessionHost, IDisposable
{
    private readonly DurableFunctions _functions;
    private readonly DurableStorage _storage;
    private readonly HostJson _hostJson;
    private readonly EmbeddedHostOptions _options;
    private readonly ILogger _logger;
    private readonly TaskRunner _tasks;
    private readonly ChildStarter _children;
    private readonly ConcurrentDictionary<string, RunningSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _starting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _tenure = new();
    private Task _caring = Task.CompletedTask;
    private readonly TaskCompletionSource _firstLease = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _hostId = "";

    public DurableEngine(
        DurableFunctions functions, DurableStorage storage, HostJson hostJson, IOptions<EmbeddedHostOptions> options,
        HostTools tools, ILoggerFactory loggers)
    {
        (_functions, _storage, _hostJson, _options, Time) = (functions, storage, hostJson, options.Value, tools.Time);
        _logger = loggers.CreateLogger("Functions.Durable");
        _tasks = new TaskRunner(functions, tools.Time, hostJson.Durable.MaxConcurrentActivities, _logger);
        _children = new ChildStarter(functions, storage, this);
    }

    public TimeProvider Time { get; }

    /// <summary>Empty while this process runs no instances.</summary>
    public string HostId => _hostId;

    public InstanceWatch Watch { get; } = new();

    /// <summary>This host's id once it has its lease; empty when the app has no durable functions and so runs nothing.</summary>
    public async Task<string> HostIdAsync(CancellationToken cancel)
    {
        if (_functions.Any) await _firstLease.Task.WaitAsync(cancel);
        return _hostId;
    }

    public void Prepare(FunctionIndex index, ICollection<string> errors)
    {
        if (!_functions.Any) return;
        if (_storage.Error is { } error) errors.Add($"Durable functions: {error}");
        if (_options.DurableLease < TimeSpan.FromSeconds(1)) errors.Add("EmbeddedHostOptions.DurableLease must be at least a second.");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_functions.Any) _caring = CareAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Sessions go on meanwhile, so that the answers of what still runs are stored.
        await _tasks.StopAsync(cancellationToken);
        await _stop.CancelAsync();
        await _tenure.CancelAsync();
        await _caring;
        await Task.WhenAll(_sessions.Values.Select(s => s.Ended));
        await ReleaseAsync();
    }

    public void Dispose()
    {
        _tasks.Dispose();
        _tenure.Dispose();
        _stop.Dispose();
    }

    /// <summary>While it runs, an instance of this id is being made here, and its index entry is not to be taken for a stray one.</summary>
    public async Task<bool> WhileStartingAsync(string instanceId, Func<Task<bool>> start)
    {
        _starting.AddOrUpdate(instanceId, 1, static (_, count) => count + 1);
        try
        {
            return await start();
        }
        finally
        {
            if (_starting.AddOrUpdate(instanceId, 0, static (_, count) => count - 1) == 0)
                _starting.TryRemove(new KeyValuePair<string, int>(instanceId, 0));
        }
    }

    /// <summary>Runs an instance that this host owns, unless it does so already.</summary>
    /// <param name="activeETag">Of the index entry as this host wrote it.</param>
    /// <param name="lookAgain">The entry was written after the instance was read, and may have covered a knock of the time between.</param>
    public void Take(StoredInstance stored, ETag activeETag, bool lookAgain = false)
    {
        var session = new InstanceSession(stored, _functions, _storage, Watch, this, _hostJson.Durable, _logger);
        var running = new RunningSession(session) { Seen = activeETag };
        if (!_sessions.TryAdd(session.InstanceId, running))
        {
            session.Dispose();
            return;
        }
        if (lookAgain) session.Post(new Knocked());
        running.Ended = Task.Run(() => RunAsync(running, _tenure.Token));
    }

    /// <summary>Tells an instance something: in its next step when it runs here, by way of its inbox otherwise. At least once.</summary>
    public async Task TellAsync(string instanceId, string key, Message message, CancellationToken cancel)
    {
        if (_sessions.TryGetValue(instanceId, out var running) && await running.Session.TellAsync(message, cancel)) return;
        await DeliverAsync(instanceId, key, message, cancel);
    }

    public async Task DeliverAsync(string instanceId, string key, Message message, CancellationToken cancel)
    {
        await _storage.EnsureReadyAsync(cancel);
        if (!_sessions.TryGetValue(instanceId, out var running)
            && await _storage.Instances.ReadStateAsync(instanceId, cancel) is not { State.HasEnded: false }) return;
        var stored = await _storage.Instances.AddMessageAsync(instanceId, key, message, cancel);
        // Looked up again: a session that began meanwhile may have read the inbox before.
        if (!_sessions.TryGetValue(instanceId, out running) || !running.Session.Post(new Arrived(stored)))
            await _storage.Active.KnockAsync(instanceId, cancel);
    }

    public void Begin(InstanceSession session, InstanceState parent, OrchestratorAction task)
    {
        if (task is ActivityScheduled activity) _tasks.RunActivity(session, parent, activity);
        else if (task is SubOrchestrationScheduled child)
            _tasks.Run(cancel => _children.StartAsync(session, parent, child, cancel), child.InstanceId);
    }

    [SuppressMessage("Design", "CA1031", Justification = "One instance's trouble must not end the others; it is logged and taken up again.")]
    private async Task RunAsync(RunningSession running, CancellationToken tenure)
    {
        var id = running.Session.InstanceId;
        try
        {
            await running.Session.RunAsync(tenure);
        }
        catch (OperationCanceledException) when (tenure.IsCancellationRequested)
        {
            // The host stops or was declared dead; the instance is stored.
        }
        catch (OwnershipLostException)
        {
            DurableLog.OwnershipLost(_logger, id);
        }
        catch (Exception e)
        {
            DurableLog.SessionFailed(_logger, id, e);
        }
        finally
        {
            _sessions.TryRemove(id, out _);
            running.Session.Dispose();
        }
    }

    /// <summary>Keeps the lease and looks for work, until the host stops.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever failed is logged and tried again at the next look.")]
    private async Task CareAsync()
    {
        var lease = new HostLease(_storage, _options.DurableLease, Time);
        using var ticks = new PeriodicTimer(_options.DurablePoll, Time);
        do
        {
            try
            {
                await _storage.EnsureReadyAsync(_stop.Token);
                if (!await lease.HoldAsync(_stop.Token)) await StartOverAsync(lease);
                else _hostId = lease.HostId;
                _firstLease.TrySetResult();
                await LookAsync(_stop.Token);
            }
            catch (Exception e)
            {
                if (_stop.IsCancellationRequested) return;
                DurableLog.PollFailed(_logger, e);
            }
        }
        while (await TickAsync(ticks));
    }

    private async Task<bool> TickAsync(PeriodicTimer ticks)
    {
        try
        {
            return await ticks.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task StartOverAsync(HostLease lease)
    {
        DurableLog.DeclaredDead(_logger, lease.HostId);
        var old = _tenure;
        _tenure = new CancellationTokenSource();
        await old.CancelAsync();
        await Task.WhenAll(_sessions.Values.Select(s => s.Ended));
        old.Dispose();
        _hostId = lease.HostId;
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var living = await _storage.Hosts.LivingAsync(_hostId, cancel);
        foreach (var active in await _storage.Active.ListAsync(cancel))
        {
            // In this order: a start that ends between the two has made its session before.
            if (_starting.ContainsKey(active.InstanceId)) continue;
            if (_sessions.TryGetValue(active.InstanceId, out var running)) running.LookAt(active);
            else if (IsFree(active.Owner, living)) await TakeOverAsync(active, living, cancel);
        }
    }

    private bool IsFree(string owner, HashSet<string> living) =>
        string.Equals(owner, _hostId, StringComparison.Ordinal) || !living.Contains(owner);

    private async Task TakeOverAsync(ActiveInstance active, HashSet<string> living, CancellationToken cancel)
    {
        var stored = await _storage.Instances.LoadAsync(active.InstanceId, cancel);
        if (stored is null)
        {
            // The entry comes before the instance; one whose instance never came is left by a start that was broken off.
            if (Time.GetUtcNow() - active.WrittenAt > TimeSpan.FromMinutes(1)) await _storage.Active.RemoveAsync(active.InstanceId, cancel);
            return;
        }
        if (!IsFree(stored.State.Owner, living))
        {
            await _storage.Active.SetAsync(active.InstanceId, stored.State.Owner, cancel);
            return;
        }
        if (!_functions.HasOrchestrator(stored.State.Name))
        {
            DurableLog.UnknownOrchestrator(_logger, active.InstanceId, stored.State.Name);
            return;
        }
        if (await _storage.Instances.TryOwnAsync(stored, _hostId, cancel) is not { } owned) return;
        DurableLog.TakenOver(_logger, active.InstanceId, stored.State.Owner);
        Take(owned, await _storage.Active.SetAsync(active.InstanceId, _hostId, cancel), lookAgain: true);
    }

    private async Task ReleaseAsync()
    {
        if (_hostId.Length == 0) return;
        try
        {
            // Others need not wait for the lease to run out.
            await _storage.Hosts.ReleaseAsync(_hostId, CancellationToken.None);
        }
        catch (Exception e) when (StorageTrouble.IsTransient(e, CancellationToken.None))
        {
            DurableLog.PollFailed(_logger, e);
        }
    }
}
