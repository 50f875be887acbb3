using System.Diagnostics.CodeAnalysis;

namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>An activity or sub-orchestration that was awaited has failed, after all retries.</summary>
[SuppressMessage("Design", "CA1032", Justification = "The constructors are the real type's.")]
public sealed class TaskFailedException : Exception
{
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Text(taskName, taskId, innerException?.Message), innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException!);
    }

    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Text(taskName, taskId, failureDetails?.ErrorMessage))
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails!;
    }

    public TaskFailureDetails FailureDetails { get; }

    /// <summary>Number of the call within the orchestration.</summary>
    public int TaskId { get; }

    public string TaskName { get; }

    private static string Text(string taskName, int taskId, string? reason) => $"Task '{taskName}' (#{taskId}) failed: {reason}";
}
