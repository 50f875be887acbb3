using Azure;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.DurableHost;

public sealed record ChainInput(int Round, string Log);

/// <param name="Key">Made by the orchestration, the same in every replay: whoever sees it again knows that it was done.</param>
public sealed record Effect(string Chain, Guid Key, string Text);

/// <summary>Chains of every kind of step, with effects that show how often they were done.</summary>
public sealed class ChainFunctions(TableClient effects)
{
    private const int Rounds = 2;

    [Function(nameof(Chain))]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context, ChainInput input)
    {
        var log = input.Log + await DoAsync(context, $"{input.Round}a");
        await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        log += await context.CallSubOrchestratorAsync<string>(nameof(Leaf), $"{input.Round}b");
        context.SetCustomStatus(log);
        var go = context.WaitForExternalEvent<string>("go");
        await context.CallActivityAsync(nameof(Poke), context.InstanceId);
        log += await go;
        log += string.Concat(await Task.WhenAll(DoAsync(context, $"{input.Round}c"), DoAsync(context, $"{input.Round}d")));
        if (input.Round + 1 == Rounds) return log;
        context.ContinueAsNew(new ChainInput(input.Round + 1, log));
        return "";
    }

    [Function(nameof(Leaf))]
    public static Task<string> Leaf([OrchestrationTrigger] TaskOrchestrationContext context, string text) => DoAsync(context, text);

    [Function(nameof(Do))]
    public async Task<string> Do([ActivityTrigger] Effect effect)
    {
        try
        {
            await effects.AddEntityAsync(new TableEntity(effect.Chain, effect.Key.ToString("N")) { ["Text"] = effect.Text });
            Console.WriteLine($"did {effect.Chain} {effect.Text}");
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            Console.WriteLine($"had done {effect.Chain} {effect.Text}");
        }
        return effect.Text + " ";
    }

    [Function(nameof(Poke))]
    public static Task Poke([ActivityTrigger] string instance, [DurableClient] DurableTaskClient client) => client.RaiseEventAsync(instance, "go", "go ");

    private static Task<string> DoAsync(TaskOrchestrationContext context, string text) =>
        context.CallActivityAsync<string>(nameof(Do), new Effect(context.Parent?.InstanceId ?? context.InstanceId, context.NewGuid(), text));
}
