using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable.History;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>
/// One step of an orchestration: runs its code from the start, answers from history, checks that the code asks for what
/// history says it asked for, then tells it what is new. Code that still waits can be kept and told what is new in the next step
/// as well. Pure: reads no clock and no storage.
/// </summary>
internal sealed class OrchestratorTurn
{
    private readonly IReadOnlyList<Turn> _past;
    private IReadOnlyList<HistoryEvent> _news = [];
    private DateTime _now;
    private readonly TurnScheduler _scheduler = new();
    private readonly ReplayContext _context;
    private readonly Queue<HistoryEvent> _heldBack = new();
    private Func<Task<object?>>? _code;
    private Task<object?>? _running;
    private bool _suspended;
    private TurnEnding? _ending;

    public OrchestratorTurn(InstanceState state, IReadOnlyList<Turn> past, JsonSerializerOptions json, ILoggerFactory loggers)
    {
        _past = past;
        _context = new ReplayContext(state, _scheduler, json, loggers);
    }

    public TaskOrchestrationContext Context => _context;

    /// <summary>The orchestration's input as a parameter wants it.</summary>
    public object? InputAs(Type type) => _context.InputAs(type);

    /// <summary>Null until the step was run: something before the code failed.</summary>
    public TurnResult? Result { get; private set; }

    /// <summary>The code has been started by an earlier step, or by this one.</summary>
    public bool IsStarted => _code is not null;

    /// <summary>The code waits for what the next step may tell it, and for nothing else.</summary>
    public bool CanGoOn => Result is { Ending: null } && !_scheduler.SawForeignWork;

    /// <summary>What the step to be run next is to tell.</summary>
    public void Expect(IReadOnlyList<HistoryEvent> news, DateTime now)
    {
        (_news, _now, Result) = (news, now, null);
        if (!IsStarted) SetInput();
    }

    /// <param name="code">Starts the orchestrator; called at most once, on the step's own scheduler.</param>
    public void Run(Func<Task<object?>> code)
    {
        _code = code;
        Run(() =>
        {
            for (var i = 0; i < _past.Count; i++) Replay(i);
        });
    }

    /// <summary>Tells code that was started in an earlier step what is new.</summary>
    public void GoOn() => Run(static () => { });

    private void Run(Action replay)
    {
        try
        {
            replay();
            Advance(_now, _news, replaying: false);
            if (_ending is null) RefuseForeignWaits();
        }
        catch (NonDeterministicOrchestrationException e)
        {
            _ending = new Threw(TaskFailureDetails.FromException(e));
        }
        var actions = _ending is Threw { Failure.ErrorType: var type } && IsNonDeterministic(type) ? [] : _context.TakeActions();
        Result = new TurnResult(actions, _ending, _context.OpenTimers, _suspended, _context.CustomStatus);
    }

    private static bool IsNonDeterministic(string type) =>
        string.Equals(type, typeof(NonDeterministicOrchestrationException).FullName, StringComparison.Ordinal);

    /// <summary>Parameters are bound before the code starts, so the input must be known from here on.</summary>
    private void SetInput()
    {
        var first = _past.Count > 0 ? _past[0].Inputs : _news;
        if (first is [ExecutionStarted started, ..]) _context.SetInput(started.Input);
    }

    private void Replay(int index)
    {
        var turn = _past[index];
        Advance(turn.At, turn.Inputs, replaying: true);
        var asked = _context.TakeActions();
        for (var i = 0; i < Math.Max(asked.Count, turn.Actions.Count); i++)
            Compare(index, turn.Actions.ElementAtOrDefault(i), asked.ElementAtOrDefault(i));
        if (_ending is not null)
            throw new NonDeterministicOrchestrationException($"History goes on after step {index}, but the code now ends there.");
    }

    private static void Compare(int step, HistoryEvent? recorded, OrchestratorAction? asked)
    {
        if (Same(recorded, asked)) return;
        throw new NonDeterministicOrchestrationException(
            $"Code and history disagree at step {step}: history has {Describe(recorded)}, the code now asks for {Describe(asked)}. "
            + "Either the code was changed while this instance ran, or it depends on something that is not recorded.");
    }

    private static bool Same(HistoryEvent? recorded, OrchestratorAction? asked) => (recorded, asked) switch
    {
        (ActivityScheduled a, ActivityScheduled b) => a.TaskId == b.TaskId && SameName(a.Name, b.Name),
        (SubOrchestrationScheduled a, SubOrchestrationScheduled b) =>
            a.TaskId == b.TaskId && SameName(a.Name, b.Name) && string.Equals(a.InstanceId, b.InstanceId, StringComparison.Ordinal),
        (TimerCreated a, TimerCreated b) => a.TaskId == b.TaskId,
        (EventSent a, EventSent b) =>
            a.TaskId == b.TaskId && SameName(a.Name, b.Name) && string.Equals(a.InstanceId, b.InstanceId, StringComparison.Ordinal),
        _ => false,
    };

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Describe(HistoryEvent? action) => action switch
    {
        null => "nothing more",
        ActivityScheduled a => $"activity '{a.Name}' (#{a.TaskId})",
        SubOrchestrationScheduled s => $"sub-orchestration '{s.Name}' (#{s.TaskId})",
        TimerCreated t => $"a timer (#{t.TaskId})",
        EventSent e => $"event '{e.Name}' to another instance (#{e.TaskId})",
        _ => action.GetType().Name,
    };

    private void Advance(DateTime at, IReadOnlyList<HistoryEvent> inputs, bool replaying)
    {
        _context.Move(at, replaying);
        foreach (var input in inputs)
        {
            if (_ending is not null) return;
            Tell(input);
        }
    }

    private void Tell(HistoryEvent input)
    {
        switch (input)
        {
            case Terminated terminated:
                _ending = new WasTerminated(terminated.Output, terminated.Recursive);
                break;
            case Suspended:
                _suspended = true;
                break;
            case Resumed:
                _suspended = false;
                while (!_suspended && _ending is null && _heldBack.TryDequeue(out var held)) Tell(held);
                break;
            case var _ when _suspended:
                _heldBack.Enqueue(input);
                break;
            default:
                _scheduler.Run(() => Step(input));
                LookForEnd();
                break;
        }
    }

    private void Step(HistoryEvent input)
    {
        if (input is ExecutionStarted) _running = Start();
        else _context.Tell(input);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the orchestrator throws becomes its failure.")]
    private Task<object?> Start()
    {
        try
        {
            return _code!();
        }
        catch (Exception e)
        {
            return Task.FromException<object?>(e);
        }
    }

    private void LookForEnd()
    {
        if (_running is not { IsCompleted: true }) return;
        if (_running.IsCompletedSuccessfully) _ending = _context.Finish(_running.Result);
        else _ending = new Threw(TaskFailureDetails.FromException(_running.Exception?.InnerException ?? new TaskCanceledException(_running)));
    }

    /// <summary>An orchestrator that waits, but for nothing that could ever be told, would hang for ever.</summary>
    private void RefuseForeignWaits()
    {
        if (_suspended || _running is null) return;
        if (_context.IsWaiting && !_scheduler.SawForeignWork) return;
        throw new NonDeterministicOrchestrationException(
            "The orchestrator awaits something that is not durable, or left its thread (Task.Run, Task.Delay, I/O, "
            + "ConfigureAwait(false), CancelAsync): only tasks of the orchestration context can be awaited.");
    }
}
