using ClickToDial.EmbeddedHost.Durable.Client;

namespace ClickToDial.EmbeddedHost.Durable.History;

/// <summary>The head of an instance: who it is, where it stands and who runs it. One row beside its history.</summary>
internal sealed record InstanceState
{
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    /// <summary>New for every start and every ContinueAsNew: tells late answers to an earlier execution apart.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>Counts the executions under this id; part of the keys of history rows.</summary>
    public required int Generation { get; init; }

    /// <summary>Steps in history. Rows beyond it were left by a commit that did not finish and do not count.</summary>
    public int Turns { get; init; }

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Null when absent or too long for the row; history has it then. So for the output.</summary>
    public string? Input { get; init; }

    public string? Output { get; init; }

    public bool InputElsewhere { get; init; }

    public bool OutputElsewhere { get; init; }

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public ParentLink? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The host that runs it; empty when none does.</summary>
    public string Owner { get; init; } = "";

    /// <summary>New in every write, so that a writer that lost the answer can see whether its write was made.</summary>
    public string CommitId { get; init; } = "";

    public bool HasEnded => Status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>Whom a sub-orchestration answers.</summary>
/// <param name="TaskId">Number of the call in the parent's execution <paramref name="ExecutionId"/>.</param>
internal sealed record ParentLink(string InstanceId, string Name, string ExecutionId, int TaskId);
