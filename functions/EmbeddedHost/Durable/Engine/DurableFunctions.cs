using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The app's orchestrators and activities, by name, and how they are run: each run is an invocation of its own.</summary>
internal sealed class DurableFunctions(
    FunctionIndex index, FunctionRunner runner, IServiceScopeFactory scopes, IOptions<JsonSerializerOptions> json, ILoggerFactory loggers)
{
    private readonly Dictionary<string, FunctionEntry> _orchestrators = ByName(index, TriggerKind.Orchestration);
    private readonly Dictionary<string, FunctionEntry> _activities = ByName(index, TriggerKind.Activity);

    public bool Any => _orchestrators.Count + _activities.Count > 0;

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    /// <summary>Code that can be kept between steps: it holds nothing that lives as long as an invocation.</summary>
    public bool CanBeKept(string orchestrator)
    {
        var method = _orchestrators[orchestrator].Method;
        return method.IsStatic && !Array.Exists(method.GetParameters(), p => LivesAsLongAsAnInvocation(p.ParameterType));
    }

    /// <summary>
    /// An activity that only reads, as its <see cref="ReadOnlyAttribute"/> says: it may begin before the step that asks for it is stored,
    /// and for a step that never is.
    /// </summary>
    public bool OnlyReads(string activity) =>
        _activities.TryGetValue(activity, out var function) && function.Method.GetCustomAttribute<ReadOnlyAttribute>() is { IsReadOnly: true };

    /// <summary>An orchestrator that is to run from its start, against history.</summary>
    public OrchestratorTurn Begin(InstanceState state, IReadOnlyList<Turn> past) => new(state, past, json.Value, loggers);

    /// <summary>Runs one step; null when it was cancelled before it came to an end.</summary>
    public async Task<TurnResult?> RunTurnAsync(
        OrchestratorTurn turn, InstanceState state, IReadOnlyList<HistoryEvent> news, DateTime now, CancellationToken cancel)
    {
        turn.Expect(news, now);
        await using var scope = scopes.CreateAsyncScope();
        var context = FunctionRunner.Create(_orchestrators[state.Name], scope.ServiceProvider, turn, Data(state.InstanceId), cancel);
        var outcome = await runner.RunAsync(context);
        if (turn.Result is { } result) return result;
        if (outcome == InvocationOutcome.Cancelled) return null;
        var failure = TaskFailureDetails.FromException(context.Error ?? new InvalidOperationException("Middleware did not run the orchestrator."));
        return new TurnResult([], new Threw(failure), new Dictionary<int, DateTime>(), IsSuspended: false, state.CustomStatus);
    }

    /// <summary>Runs an activity and returns its answer; null when it was cancelled, as the host stops.</summary>
    public async Task<HistoryEvent?> RunActivityAsync(string instanceId, ActivityScheduled activity, CancellationToken cancel)
    {
        if (!_activities.TryGetValue(activity.Name, out var function)) return Missing(activity);
        await using var scope = scopes.CreateAsyncScope();
        var context = FunctionRunner.Create(function, scope.ServiceProvider, new ActivityInput(activity.Input), Data(instanceId), cancel);
        return await runner.RunAsync(context) switch
        {
            InvocationOutcome.Succeeded => Answer(activity, context.Result),
            InvocationOutcome.Failed => new TaskFailed(activity.TaskId, TaskFailureDetails.FromException(context.Error!)),
            _ => null,
        };
    }

    private HistoryEvent Answer(ActivityScheduled activity, object? result)
    {
        try
        {
            var text = result is null ? null : JsonSerializer.Serialize(result, result.GetType(), json.Value);
            return new TaskCompleted(activity.TaskId, text);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return new TaskFailed(activity.TaskId, TaskFailureDetails.FromException(e));
        }
    }

    private static bool LivesAsLongAsAnInvocation(Type parameter) =>
        parameter == typeof(FunctionContext) || parameter == typeof(CancellationToken);

    private static TaskFailed Missing(ActivityScheduled activity) => new(
        activity.TaskId,
        TaskFailureDetails.FromException(new InvalidOperationException($"There is no activity function '{activity.Name}', or it is disabled.")));

    private static Dictionary<string, object?> Data(string instanceId) =>
        new(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };

    private static Dictionary<string, FunctionEntry> ByName(FunctionIndex index, TriggerKind kind) =>
        index.Enabled(kind).ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
}
