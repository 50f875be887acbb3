using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable.History;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>What the orchestrator sees during one step; collects what it asks for.</summary>
internal sealed class ReplayContext(InstanceState state, TurnScheduler scheduler, JsonSerializerOptions json, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private const int LongestCustomStatus = 16 * 1024;

    private readonly ExternalEvents _events = new();
    private readonly Dictionary<int, Action<HistoryEvent>> _open = [];
    private readonly Dictionary<int, DateTime> _timers = [];
    private List<OrchestratorAction> _asked = [];
    private DateTime _now;
    private bool _replaying;
    private int _tasks;
    private int _guids;
    private int _waits;
    private string? _input;
    private (string? Input, bool KeepEvents)? _startOver;

    public override DateTime CurrentUtcDateTime => _now;

    public override string InstanceId => state.InstanceId;

    public override bool IsReplaying => _replaying;

    public override TaskName Name => new(state.Name);

    public override ParentOrchestrationInstance? Parent { get; } =
        state.Parent is { } parent ? new ParentOrchestrationInstance(new TaskName(parent.Name), parent.InstanceId) : null;

    /// <summary>As the code last set it in this execution.</summary>
    public string? CustomStatus { get; private set; } = state.CustomStatus;

    /// <summary>Something is open that can still be told.</summary>
    public bool IsWaiting => _open.Count > 0 || _waits > 0;

    public IReadOnlyDictionary<int, DateTime> OpenTimers => new Dictionary<int, DateTime>(_timers);

    protected override ILoggerFactory LoggerFactory => loggers;

    public void SetInput(string? input) => _input = input;

    public object? InputAs(Type type) => _input is null ? null : JsonSerializer.Deserialize(_input, type, json);

    public void Move(DateTime now, bool replaying)
    {
        _now = now;
        _replaying = replaying;
    }

    /// <summary>What the code asked for since the last call.</summary>
    public IReadOnlyList<OrchestratorAction> TakeActions()
    {
        var asked = _asked;
        _asked = [];
        return asked;
    }

    public void Tell(HistoryEvent input)
    {
        switch (input)
        {
            case EventRaised raised:
                _events.Raise(raised);
                break;
            case TaskCompleted { TaskId: var id }:
                Complete(id, input);
                break;
            case TaskFailed { TaskId: var id }:
                Complete(id, input);
                break;
            case TimerFired { TaskId: var id }:
                Complete(id, input);
                break;
            default:
                throw new NonDeterministicOrchestrationException($"History holds an unknown {input.GetType().Name}.");
        }
    }

    /// <summary>The code has returned.</summary>
    public TurnEnding Finish(object? result) => _startOver is { } next
        ? new StartsOver(next.Input, next.KeepEvents ? _events.Unclaimed : [])
        : new Returned(result is null ? null : Write(result));

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        RefuseMisplacedOptions(input, options);
        return Retries.RunAsync(this, options?.Retry, () => Ask<TResult>(name, id => new ActivityScheduled(id, name.Name, Write(input))));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        RefuseMisplacedOptions(input, options);
        var wanted = (options as SubOrchestrationOptions)?.InstanceId;
        var tags = options?.Tags is { Count: > 0 } given ? given.ToDictionary() : null;
        return Retries.RunAsync(this, options?.Retry, () =>
        {
            var instance = wanted ?? NewGuid().ToString("N");
            return Ask<TResult>(
                orchestratorName,
                id => new SubOrchestrationScheduled(id, orchestratorName.Name, instance, Write(input), tags));
        });
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        StayOnTurn();
        if (fireAt.Kind == DateTimeKind.Local) fireAt = fireAt.ToUniversalTime();
        var fired = new TaskCompletionSource();
        var id = _tasks++;
        _asked.Add(new TimerCreated(id, DateTime.SpecifyKind(fireAt, DateTimeKind.Utc)));
        _timers[id] = DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        _open[id] = _ =>
        {
            _timers.Remove(id);
            fired.TrySetResult();
        };
        cancellationToken.Register(() =>
        {
            // A timer that has fired before stays fired.
            if (!_timers.Remove(id)) return;
            _open.Remove(id);
            fired.TrySetCanceled(cancellationToken);
        });
        return fired.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        StayOnTurn();
        var received = new TaskCompletionSource<T>();
        _waits++;
        cancellationToken.Register(() =>
        {
            if (received.TrySetCanceled(cancellationToken)) _waits--;
        });
        _events.Wait(eventName, payload =>
        {
            if (received.Task.IsCompleted) return false;
            _waits--;
            Answer(received, payload);
            return true;
        });
        return received.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        StayOnTurn();
        _asked.Add(new EventSent(_tasks++, instanceId, eventName, Write(payload)));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        StayOnTurn();
        _startOver = (Write(newInput), preserveUnprocessedEvents);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        StayOnTurn();
        var text = Write(customStatus);
        if (text is { Length: > LongestCustomStatus })
            throw new ArgumentException($"A custom status has at most {LongestCustomStatus} characters of JSON.", nameof(customStatus));
        CustomStatus = text;
    }

    public override Guid NewGuid()
    {
        StayOnTurn();
        return DeterministicGuid.Create(state.ExecutionId, _guids++);
    }

    public override T? GetInput<T>()
        where T : default => _input is null ? default : JsonSerializer.Deserialize<T>(_input, json);

    private Task<TResult> Ask<TResult>(TaskName name, Func<int, OrchestratorAction> action)
    {
        if (name.Name.Length == 0) throw new ArgumentException("The task has no name.", nameof(name));
        StayOnTurn();
        var answer = new TaskCompletionSource<TResult>();
        var id = _tasks++;
        _asked.Add(action(id));
        _open[id] = told =>
        {
            if (told is TaskFailed failed) answer.TrySetException(new TaskFailedException(name.Name, id, failed.Failure));
            else Answer(answer, (told as TaskCompleted)?.Result);
        };
        return answer.Task;
    }

    private void Complete(int id, HistoryEvent input)
    {
        // Whatever is not open any more was answered before, or belongs to a call the code gave up.
        if (_open.Remove(id, out var complete)) complete(input);
    }

    private void Answer<T>(TaskCompletionSource<T> waiting, string? payload)
    {
        try
        {
            waiting.TrySetResult(payload is null ? default! : JsonSerializer.Deserialize<T>(payload, json)!);
        }
        catch (JsonException e)
        {
            waiting.TrySetException(e);
        }
    }

    private string? Write(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), json);

    private void StayOnTurn()
    {
        if (!scheduler.IsOnTurn)
            throw new InvalidOperationException(
                "The orchestration context was used outside its step's thread: an orchestrator awaits only tasks of its context.");
    }

    /// <summary>The overloads make it easy to pass options as the input.</summary>
    private static void RefuseMisplacedOptions(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null) throw new ArgumentException("Task options were passed as the input.", nameof(input));
    }
}
