using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Durable.Storage;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Turns what a step led to into what is stored. Pure.</summary>
internal static class StepPlan
{
    private const int MostDeletes = 85;

    /// <summary>Longer texts are left to history, which is split over rows.</summary>
    private const int LongestInHead = 30_000;

    public static InstanceCommit Make(
        SessionMemory memory, IReadOnlyList<News> news, TurnResult result, DateTimeOffset now, (string CommitId, string ExecutionId) ids)
    {
        var before = memory.State;
        List<HistoryEvent> told = [.. news.Select(n => n.Event).OfType<HistoryEvent>()];
        List<HistoryEvent> asked = [.. result.Actions];
        var after = After(before, result, now, ids.ExecutionId) with { CommitId = ids.CommitId };
        if (after.HasEnded) asked.Add(Ending(result.Ending));
        var startsOver = result.Ending as StartsOver;
        var turn = startsOver is null ? new Turn(now.UtcDateTime, told, asked) : null;
        return new InstanceCommit(
            before,
            after,
            turn,
            startsOver is null ? [] : NextStart(startsOver, now),
            Outgoing(memory, before, after, result, now),
            [.. Deletes(memory, news, startsOver is not null)]);
    }

    private static InstanceState After(InstanceState before, TurnResult result, DateTimeOffset now, string executionId)
    {
        var next = before with
        {
            Turns = before.Turns + 1,
            UpdatedAt = now,
            CustomStatus = result.CustomStatus,
            Status = result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running,
        };
        return result.Ending switch
        {
            null => next,
            Returned { Output: var output } => WithOutput(next, output) with { Status = OrchestrationRuntimeStatus.Completed },
            WasTerminated { Output: var output } => WithOutput(next, output) with { Status = OrchestrationRuntimeStatus.Terminated },
            Threw { Failure: var failure } => next with { Status = OrchestrationRuntimeStatus.Failed, Failure = Shorten(failure) },
            StartsOver { Input: var input } => next with
            {
                Turns = 0,
                Generation = before.Generation + 1,
                ExecutionId = executionId,
                StartAt = null,
                Input = Fits(input) ? input : null,
                InputElsewhere = !Fits(input),
            },
            _ => throw new InvalidOperationException("An execution ends in one of these ways."),
        };
    }

    public static bool Fits(string? text) => text is null or { Length: <= LongestInHead };

    private static InstanceState WithOutput(InstanceState state, string? output) =>
        state with { Output = Fits(output) ? output : null, OutputElsewhere = !Fits(output) };

    /// <summary>The head holds the failure in one property.</summary>
    private static TaskFailureDetails Shorten(TaskFailureDetails failure) => failure with
    {
        ErrorMessage = Cut(failure.ErrorMessage)!,
        StackTrace = Cut(failure.StackTrace),
        InnerFailure = failure.InnerFailure is { } inner
            ? new TaskFailureDetails(inner.ErrorType, Cut(inner.ErrorMessage)!, StackTrace: null, InnerFailure: null, Properties: null)
            : null,
    };

    private static string? Cut(string? text) => text is { Length: > 4000 } ? text[..4000] : text;

    private static ExecutionCompleted Ending(TurnEnding? ending) => ending switch
    {
        Returned returned => new ExecutionCompleted(returned.Output, Failure: null),
        WasTerminated terminated => new ExecutionCompleted(terminated.Output, Failure: null),
        Threw threw => new ExecutionCompleted(Output: null, threw.Failure),
        _ => throw new InvalidOperationException("The execution has not ended."),
    };

    private static List<Message> NextStart(StartsOver next, DateTimeOffset now) =>
        [new Message(now, new ExecutionStarted(next.Input)), .. next.Events.Select(e => new Message(now, e))];

    private static List<OutgoingMessage> Outgoing(
        SessionMemory memory, InstanceState before, InstanceState after, TurnResult result, DateTimeOffset now)
    {
        var outgoing = new List<OutgoingMessage>();
        void Send(string target, string unique, HistoryEvent what, string? execution = null) =>
            outgoing.Add(new OutgoingMessage(
                target, DurableKeys.Message(now, $"{outgoing.Count:x4}-{before.ExecutionId}-{unique}"), new Message(now, what, execution)));

        foreach (var sent in result.Actions.OfType<EventSent>())
            Send(sent.InstanceId, $"{sent.TaskId}", new EventRaised(sent.Name, sent.Input));
        if (result.Ending is WasTerminated { Recursive: true } terminated)
            foreach (var child in memory.OpenTasks.OfType<SubOrchestrationScheduled>())
                Send(child.InstanceId, $"{child.TaskId}", new Terminated(terminated.Output, Recursive: true));
        if (after.HasEnded && before.Parent is { } parent)
            Send(parent.InstanceId, "end", ChildAnswer.Of(result.Ending!, before, parent), parent.ExecutionId);
        return outgoing;
    }

    private static IEnumerable<string> Deletes(SessionMemory memory, IReadOnlyList<News> news, bool startsOver)
    {
        var rows = news.SelectMany(n => n.Rows).Concat(memory.UsedRows);
        if (startsOver) rows = rows.Concat(memory.HistoryRows);
        return rows.Take(MostDeletes);
    }
}
