using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Replay;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>What a sub-orchestration that has ended tells its parent.</summary>
internal static class ChildAnswer
{
    public static HistoryEvent Of(TurnEnding ending, InstanceState child, ParentLink parent) => ending switch
    {
        Returned returned => new TaskCompleted(parent.TaskId, returned.Output),
        Threw threw => new TaskFailed(parent.TaskId, threw.Failure),
        _ => new TaskFailed(parent.TaskId, Failure($"The sub-orchestration '{child.InstanceId}' was terminated.")),
    };

    public static TaskFailed Refused(int taskId, string why) => new(taskId, Failure(why));

    private static TaskFailureDetails Failure(string why) => TaskFailureDetails.FromException(new InvalidOperationException(why));
}
