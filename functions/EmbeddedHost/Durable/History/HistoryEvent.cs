using System.Text.Json.Serialization;

namespace ClickToDial.EmbeddedHost.Durable.History;

/// <summary>
/// One thing that happened to an orchestration (it is told), or that its code decided (it asks). Stored for as long as the
/// instance lives: only additive changes. Payloads are JSON texts.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "e")]
[JsonDerivedType(typeof(ExecutionStarted), "start")]
[JsonDerivedType(typeof(TaskCompleted), "done")]
[JsonDerivedType(typeof(TaskFailed), "failed")]
[JsonDerivedType(typeof(TimerFired), "fired")]
[JsonDerivedType(typeof(EventRaised), "event")]
[JsonDerivedType(typeof(Suspended), "suspend")]
[JsonDerivedType(typeof(Resumed), "resume")]
[JsonDerivedType(typeof(Terminated), "terminate")]
[JsonDerivedType(typeof(ActivityScheduled), "activity")]
[JsonDerivedType(typeof(SubOrchestrationScheduled), "sub")]
[JsonDerivedType(typeof(TimerCreated), "timer")]
[JsonDerivedType(typeof(EventSent), "send")]
[JsonDerivedType(typeof(ExecutionCompleted), "end")]
internal abstract record HistoryEvent;

/// <summary>First of every execution.</summary>
internal sealed record ExecutionStarted(string? Input) : HistoryEvent;

/// <summary>An activity or sub-orchestration returned.</summary>
internal sealed record TaskCompleted(int TaskId, string? Result) : HistoryEvent;

/// <summary>An activity threw, or a sub-orchestration did not complete.</summary>
internal sealed record TaskFailed(int TaskId, TaskFailureDetails Failure) : HistoryEvent;

internal sealed record TimerFired(int TaskId) : HistoryEvent;

internal sealed record EventRaised(string Name, string? Input) : HistoryEvent;

internal sealed record Suspended(string? Reason) : HistoryEvent;

internal sealed record Resumed(string? Reason) : HistoryEvent;

internal sealed record Terminated(string? Output, bool Recursive) : HistoryEvent;

/// <summary>Something the code asked for; numbered within the execution in the order of asking.</summary>
internal abstract record OrchestratorAction(int TaskId) : HistoryEvent;

internal sealed record ActivityScheduled(int TaskId, string Name, string? Input) : OrchestratorAction(TaskId);

internal sealed record SubOrchestrationScheduled(
    int TaskId, string Name, string InstanceId, string? Input, IReadOnlyDictionary<string, string>? Tags = null) : OrchestratorAction(TaskId);

internal sealed record TimerCreated(int TaskId, DateTime FireAt) : OrchestratorAction(TaskId);

internal sealed record EventSent(int TaskId, string InstanceId, string Name, string? Input) : OrchestratorAction(TaskId);

/// <summary>Last of an execution that ended.</summary>
internal sealed record ExecutionCompleted(string? Output, TaskFailureDetails? Failure) : HistoryEvent;
