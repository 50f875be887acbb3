using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Orchestrators that show replay, and some that break its rules.</summary>
public sealed class ReplayFunctions(Journal journal)
{
    [Function(nameof(One))]
    public static string One([ActivityTrigger] string text) => text;

    [Function(nameof(Other))]
    public static string Other([ActivityTrigger] string text) => text;

    /// <summary>Writes what it sees in every run, replayed or not.</summary>
    [Function(nameof(Witness))]
    public async Task<string> Witness([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var logger = context.CreateReplaySafeLogger<ReplayFunctions>();
        journal.Write($"start {context.IsReplaying} {context.CurrentUtcDateTime:O} {context.NewGuid()}");
        logger.LogInformation("before");
        await context.CallActivityAsync<string>(nameof(One), "x");
        journal.Write($"middle {context.IsReplaying} {context.CurrentUtcDateTime:O} {context.NewGuid()}");
        logger.LogInformation("between");
        await context.CallActivityAsync<string>(nameof(One), "x");
        journal.Write($"end {context.IsReplaying}");
        logger.LogInformation("after");
        return $"{context.Name} {context.InstanceId}";
    }

    /// <summary>Asks for another activity in each run.</summary>
    [Function(nameof(OtherActivity))]
    public async Task OtherActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        journal.Write("run");
        await context.CallActivityAsync<string>(journal.CountOf("run") == 1 ? nameof(One) : nameof(Other), "x");
    }

    [Function(nameof(TimerInstead))]
    public async Task TimerInstead([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        journal.Write("run");
        if (journal.CountOf("run") == 1) await context.CallActivityAsync<string>(nameof(One), "x");
        else await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
    }

    [Function(nameof(AsksNoMore))]
    public async Task AsksNoMore([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        journal.Write("run");
        if (journal.CountOf("run") == 1) await context.CallActivityAsync<string>(nameof(One), "x");
    }

    [Function(nameof(AsksMore))]
    public async Task AsksMore([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        journal.Write("run");
        var one = context.CallActivityAsync<string>(nameof(One), "x");
        if (journal.CountOf("run") > 1) _ = context.CallActivityAsync<string>(nameof(Other), "x");
        await one;
    }

    [Function(nameof(AwaitsForeign))]
    public async Task AwaitsForeign([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(One), "x");
        await journal.GateAsync("foreign");
    }

    [Function(nameof(LeavesThread))]
    public async Task LeavesThread([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(One), "x").ConfigureAwait(false);
        await context.CallActivityAsync<string>(nameof(One), "y");
    }

    [Function(nameof(LongStatus))]
    public static Task LongStatus([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new string('x', 20_000));
        return Task.CompletedTask;
    }

    [Function(nameof(NotAsync))]
    public static int NotAsync([OrchestrationTrigger] TaskOrchestrationContext context, int number) => number + 1;

    [Function(nameof(Throws))]
    public static int Throws([OrchestrationTrigger] TaskOrchestrationContext context) =>
        throw new InvalidOperationException("outside", new FormatException("inside"));

    [Function(nameof(BadInput))]
    public static int BadInput([OrchestrationTrigger] TaskOrchestrationContext context, Order order) => order.Count;
}
