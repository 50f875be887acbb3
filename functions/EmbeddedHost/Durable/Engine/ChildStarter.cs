using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Starts sub-orchestrations; doing it again finds the one that was started before.</summary>
internal sealed class ChildStarter(DurableFunctions functions, DurableStorage storage, DurableEngine engine)
{
    public async Task StartAsync(InstanceSession parentSession, InstanceState parent, SubOrchestrationScheduled call, CancellationToken cancel)
    {
        var link = new ParentLink(parent.InstanceId, parent.Name, parent.ExecutionId, call.TaskId);
        var starter = new InstanceStarter(storage, engine);
        var backoff = new Backoff(engine.Time);
        while (true)
        {
            try
            {
                if (await TryStartAsync(starter, call, link, cancel) is { } answer)
                    parentSession.Post(new Answered(parent.ExecutionId, engine.Time.GetUtcNow(), answer));
                return;
            }
            catch (Exception e) when (StorageTrouble.LeavesDoubt(e, cancel))
            {
                await backoff.WaitAsync(cancel);
            }
        }
    }

    /// <returns>The answer when there is one already: a refusal, or the result of a child that an earlier process saw end.</returns>
    private async Task<HistoryEvent?> TryStartAsync(InstanceStarter starter, SubOrchestrationScheduled call, ParentLink link, CancellationToken cancel)
    {
        if (!functions.HasOrchestrator(call.Name))
            return ChildAnswer.Refused(call.TaskId, $"There is no orchestrator function '{call.Name}', or it is disabled.");
        if (await storage.Instances.LoadAsync(call.InstanceId, cancel) is { } known)
        {
            if (known.State.Parent == link) return known.State.HasEnded ? AnswerOf(known.State, known.Turns, link) : null;
            if (!known.State.HasEnded) return ChildAnswer.Refused(call.TaskId, $"An instance '{call.InstanceId}' exists and has not ended.");
        }
        var started = await starter.TryStartAsync(
            new NewInstance(call.InstanceId, call.Name, call.Input) { Parent = link, Tags = call.Tags }, cancel);
        return started ? null : ChildAnswer.Refused(call.TaskId, $"An instance '{call.InstanceId}' exists and has not ended.");
    }

    private static HistoryEvent AnswerOf(InstanceState child, IReadOnlyList<Turn> turns, ParentLink link) => child.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new TaskCompleted(link.TaskId, Payloads.Output(child, turns)),
        OrchestrationRuntimeStatus.Failed => new TaskFailed(link.TaskId, child.Failure!),
        _ => ChildAnswer.Refused(link.TaskId, $"The sub-orchestration '{child.InstanceId}' was terminated."),
    };
}
