using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Orchestrators that wait for events and timers.</summary>
public sealed class EventFunctions(Journal journal)
{
    [Function(nameof(Note))]
    public void Note([ActivityTrigger] string text) => journal.Write(text);

    [Function(nameof(Two))]
    public static async Task<string> Two([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = await context.WaitForExternalEvent<string>("Answer");
        await context.CallActivityAsync(nameof(Note), "first " + first);
        var second = await context.WaitForExternalEvent<string>("answer");
        return first + second;
    }

    /// <summary>Holds in an activity first, so that events come before anybody waits.</summary>
    [Function(nameof(Late))]
    public static async Task<string> Late([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(Gated), "late");
        var a = await context.WaitForExternalEvent<int>("number");
        var b = await context.WaitForExternalEvent<int>("number");
        return $"{a} {b}";
    }

    [Function(nameof(Gated))]
    public async Task<string> Gated([ActivityTrigger] string gate, CancellationToken cancel)
    {
        journal.Write("entered " + gate);
        await journal.GateAsync(gate).WaitAsync(cancel);
        return gate;
    }

    [Function(nameof(Race))]
    public static async Task<string> Race([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromMinutes(10), cancel.Token);
        var answer = context.WaitForExternalEvent<string>("answer");
        if (await Task.WhenAny(answer, timer) == timer) return "too late";
        cancel.Cancel();
        await context.CallActivityAsync(nameof(Note), "got " + await answer);
        return $"{await answer} {timer.IsCanceled}";
    }

    [Function(nameof(WithTimeout))]
    public static async Task<string> WithTimeout([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.WaitForExternalEvent<string>("answer", TimeSpan.FromMinutes(5));
        }
        catch (OperationCanceledException)
        {
            return "nobody answered";
        }
    }

    [Function(nameof(Abandons))]
    public static async Task<string> Abandons([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var giveUp = new CancellationTokenSource();
        var abandoned = context.WaitForExternalEvent<string>("answer", giveUp.Token);
        giveUp.Cancel();
        var older = context.WaitForExternalEvent<string>("answer");
        var newer = context.WaitForExternalEvent<string>("answer");
        await Task.WhenAll(older, newer);
        return $"{abandoned.IsCanceled} {await older} {await newer}";
    }

    [Function(nameof(Timers))]
    public static async Task<string> Timers([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var start = context.CurrentUtcDateTime;
        var second = context.CreateTimer(start.AddMinutes(2), CancellationToken.None);
        var first = context.CreateTimer(start.AddMinutes(1), CancellationToken.None);
        var winner = await Task.WhenAny(second, first) == first ? "first" : "second";
        await second;
        await context.CreateTimer(start.AddMinutes(-5), CancellationToken.None);
        return $"{winner} {(context.CurrentUtcDateTime - start).TotalMinutes}";
    }

    [Function(nameof(Sender))]
    public static async Task Sender([OrchestrationTrigger] TaskOrchestrationContext context, string target)
    {
        context.SendEvent(target, "Answer", "one");
        await context.CallActivityAsync(nameof(Note), "between");
        context.SendEvent("nobody", "Answer", "lost");
        context.SendEvent(target, "Answer", "two");
    }
}
