using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Parents, children and loops.</summary>
public sealed class LifecycleFunctions(Journal journal)
{
    [Function(nameof(Note))]
    public void Note([ActivityTrigger] string text) => journal.Write(text);

    [Function(nameof(Gated))]
    public async Task<string> Gated([ActivityTrigger] string gate, CancellationToken cancel)
    {
        journal.Write("entered " + gate);
        await journal.GateAsync(gate).WaitAsync(cancel);
        return gate;
    }

    [Function(nameof(Child))]
    public static async Task<string> Child([OrchestrationTrigger] TaskOrchestrationContext context, string word)
    {
        if (word == "fail") throw new InvalidOperationException("the child fails");
        if (word == "wait") await context.WaitForExternalEvent<string>("go");
        await context.CallActivityAsync(nameof(Note), $"child {word} of {context.Parent?.Name} {context.Parent?.InstanceId}");
        return word.ToUpperInvariant();
    }

    [Function(nameof(Parent))]
    public static async Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context, string[] words)
    {
        var children = words.Select(w => context.CallSubOrchestratorAsync<string>(nameof(Child), w)).ToList();
        try
        {
            return string.Join(' ', await Task.WhenAll(children));
        }
        catch (TaskFailedException e)
        {
            return $"{e.TaskName}: {e.FailureDetails.ErrorMessage}";
        }
    }

    [Function(nameof(NamedChild))]
    public static async Task<string> NamedChild([OrchestrationTrigger] TaskOrchestrationContext context, string word)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<string>(nameof(Child), word, new SubOrchestrationOptions(instanceId: "the-child"));
        }
        catch (TaskFailedException e)
        {
            return e.FailureDetails.ErrorMessage;
        }
    }

    [Function(nameof(UnknownChild))]
    public static Task UnknownChild([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallSubOrchestratorAsync("NoSuchOrchestrator");

    [Function(nameof(CountDown))]
    public static async Task<string> CountDown([OrchestrationTrigger] TaskOrchestrationContext context, int left)
    {
        await context.CallActivityAsync(nameof(Note), $"{left} {context.NewGuid():N}");
        if (left == 0) return "lift-off";
        context.ContinueAsNew(left - 1);
        return "not the end";
    }

    public sealed record Collected(int Rounds, string Text);

    /// <summary>Takes one event in each of its executions and holds at a gate before it goes on.</summary>
    [Function(nameof(Collect))]
    public static async Task<string> Collect([OrchestrationTrigger] TaskOrchestrationContext context, Collected so)
    {
        context.SetCustomStatus(so);
        await context.CallActivityAsync<string>(nameof(Gated), $"round {so.Rounds}");
        var next = await context.WaitForExternalEvent<string>("letter");
        if (so.Rounds == 3) return so.Text + next;
        context.ContinueAsNew(new Collected(so.Rounds + 1, so.Text + next));
        return "";
    }

    [Function(nameof(Forget))]
    public static async Task<string> Forget([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        await context.CallActivityAsync<string>(nameof(Gated), $"round {round}");
        using var cancel = new CancellationTokenSource();
        if (round > 0)
        {
            var letter = context.WaitForExternalEvent<string>("letter");
            return letter.IsCompleted ? "remembered" : "forgotten";
        }
        context.ContinueAsNew(1, preserveUnprocessedEvents: false);
        return "";
    }

    [Function(nameof(Steps))]
    public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var letter = await context.WaitForExternalEvent<string>("letter");
        await context.CallActivityAsync(nameof(Note), "step " + letter);
        return letter + await context.WaitForExternalEvent<string>("letter");
    }
}
