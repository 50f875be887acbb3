using System.Text.Json.Nodes;
using ClickToDial.App.Adapters;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Chains;

/// <summary>Starts chains, tells them what clients say, and ends them. An agent is in one chain at a time.</summary>
public sealed class ChainDesk(ChainStore chains, ChainWatch watch, ChainOptions options, StorageOptions storage, IRandomSource random, TimeProvider time)
{
    private static readonly string[] EveryEnd =
        [nameof(OrchestrationRuntimeStatus.Completed), nameof(OrchestrationRuntimeStatus.Failed), nameof(OrchestrationRuntimeStatus.Terminated)];

    private readonly Guesses<SeenStep> _seen = new(10_000);

    /// <returns>The id of the new chain.</returns>
    public async Task<Result<string>> StartAsync(DurableTaskClient client, Press press, CancellationToken stop)
    {
        var (domain, user, button, data, isRemote, token) = press;
        var (plan, fault) = ButtonRules.Decide(button);
        if (plan is null) return KnownProblems.FieldInvalid with { Field = "fn", Detail = fault };
        var now = time.GetUtcNow();
        var chainId = CallIds.New(now, random).Value;
        var agent = await chains.AgentAsync(domain, user, stop);
        if (agent is not null && await IsRunningAsync(client, domain, agent, stop))
        {
            if (!button.Supersedes) return KnownProblems.ChainRunning with { Detail = agent.ChainId };
            await StopAsync(client, domain, user, agent.ChainId, ChainEndings.Superseded, stop);
            agent = await chains.AgentAsync(domain, user, stop);
        }
        var start = new ChainStart(domain, chainId, user, button.Id, plan, data.ToJsonString(), options.WaitSeconds, options.MaxSteps, isRemote, token, Spans.Current);
        // Kept before the agent is in it: from then on the chain can be begun by whoever finds it, should this process die here.
        await chains.BeginAsync(start, now, stop);
        if (!await chains.TryEnterAsync(domain, user, chainId, agent, now, stop)) return KnownProblems.ChainRunning;
        await ScheduleAsync(client, start, stop);
        return chainId;
    }

    public async Task<Result<ChainRecord>> FindAsync(string domain, string? onlyUser, string chainId, CancellationToken stop) =>
        await chains.FindAsync(domain, chainId, stop) is { } chain && (onlyUser is null || chain.User == onlyUser) ? chain : KnownProblems.ChainUnknown;

    public Task<IReadOnlyList<JsonNode>> ConsoleAsync(string domain, string chainId, CancellationToken stop) => chains.ConsoleAsync(domain, chainId, stop);

    /// <summary>The chain that waits for this form from this agent.</summary>
    public async Task<Result<ChainRecord>> WaitingForFormAsync(string domain, string user, string formId, CancellationToken stop)
    {
        var (looking, ahead) = (chains.AgentAsync(domain, user, stop), AheadAsync(domain, user, stop));
        await Task.WhenAll(looking, ahead);
        if (await looking is not { } agent) return KnownProblems.FormNeedsChain;
        var chain = await ahead;
        if (chain?.ChainId != agent.ChainId) chain = await chains.FindAsync(domain, agent.ChainId, stop);
        if (chain is not { End: null }) return KnownProblems.FormNeedsChain;
        return chain.Current is { } step && step["form"]?["id"]?.GetValue<string>() == formId ? chain : KnownProblems.ChainNotWaiting with { Detail = agent.ChainId };
    }

    /// <summary>Holds what was filled in against the form as it was shown, then lets the chain go on.</summary>
    public static async Task<Problem?> SubmitAsync(DurableTaskClient client, ChainRecord chain, JsonObject data, ChainToken? token, CancellationToken stop)
    {
        var step = chain.Current!;
        var (fields, _) = FieldReader.ReadAll(step["form"]!["formSchema"]);
        if (fields is null) return KnownProblems.ChainNotWaiting;
        if (FormCheck.Faults(fields, data) is [var first, ..] faults)
            return KnownProblems.FormDataInvalid with { Field = first.Field, Detail = string.Join(", ", faults.Select(fault => $"{fault.Field}: {fault.Reason}")) };
        var word = new ClientWord(true, FormCheck.Accepted(fields, data).ToJsonString(), token);
        await client.RaiseEventAsync(chain.ChainId, ClientWord.EventOf(ChainRecord.NumberOf(step)), word, stop);
        return null;
    }

    /// <param name="number">Of the step. One that was passed already is acknowledged again without effect.</param>
    public static async Task<Problem?> AcknowledgeAsync(DurableTaskClient client, ChainRecord chain, int number, ClientWord word, CancellationToken stop)
    {
        if (chain.Steps.FirstOrDefault(s => ChainRecord.NumberOf(s) == number) is not { } step) return KnownProblems.ChainNotWaiting;
        if (step["result"] is not null || chain.End is not null) return null;
        // A form is done by sending it, and a call by what becomes of it.
        if (ChainRecord.WaitsFor(step) is not { } waitsFor || (waitsFor == "form" && word.IsOk) || waitsFor == "call") return KnownProblems.ChainNotWaiting;
        await client.RaiseEventAsync(chain.ChainId, ClientWord.EventOf(number), word, stop);
        return null;
    }

    public async Task StopAsync(DurableTaskClient client, string domain, string user, string chainId, string reason, CancellationToken stop)
    {
        if (await client.GetInstanceAsync(chainId, stop) is not null) await client.TerminateInstanceAsync(chainId, reason, stop);
        await chains.EndAsync(new EndWork(domain, chainId, user, 0, null, reason, null, null), time.GetUtcNow(), stop);
        watch.Changed(chainId);
    }

    /// <summary>Taken before something is said to the chain, it makes the wait for what comes of it look for nothing before that.</summary>
    public Task<ShowWork?> NextChange(string chainId) => watch.NextChange(chainId);

    /// <summary>The chain once it has gone on after what was said to it, or when the wait is over.</summary>
    /// <param name="chain">As it was before.</param>
    /// <param name="number">Of the step that was spoken to.</param>
    /// <param name="change">See <see cref="NextChange"/>.</param>
    public async Task<ChainRecord?> AfterAsync(string domain, ChainRecord chain, int number, Task<ShowWork?> change, CancellationToken stop)
    {
        // What this process has just stored need not be read again.
        if (await watch.WaitAsync(chain.ChainId, change, stop) is { } shown && shown.Number > number && chain.With(shown) is { } next) return See(domain, next);
        return await AfterAsync(domain, chain.ChainId, number, AnswerWait, stop);
    }

    /// <summary>The chain once it shows a step after that number, or has ended, or when the wait is over.</summary>
    public async Task<ChainRecord?> AfterAsync(string domain, string chainId, int number, TimeSpan limit, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            // Of one look, however long all of them take together.
            StorageBudget.Grant(TimeSpan.FromSeconds(storage.TimeoutSeconds));
            var change = watch.NextChange(chainId);
            var chain = await chains.FindAsync(domain, chainId, stop);
            if (chain is null || chain.End is not null) return chain;
            if (chain.Steps is [.., var last] && ChainRecord.NumberOf(last) > number) return See(domain, chain);
            if (time.GetElapsedTime(began) >= limit) return chain;
            await watch.WaitAsync(chainId, change, stop);
        }
    }

    /// <summary>The chain that this process last saw the agent in, from the step on that it showed then: all that a form's answer is held against.</summary>
    private async Task<ChainRecord?> AheadAsync(string domain, string user, CancellationToken stop) =>
        _seen.Of(domain, user) is { } seen ? await chains.FindTailAsync(domain, seen.ChainId, user, seen.Number, stop) : null;

    private ChainRecord See(string domain, ChainRecord chain)
    {
        if (chain is { End: null, Steps: [.., var last] }) _seen.Note(domain, chain.User, new SeenStep(chain.ChainId, ChainRecord.NumberOf(last)));
        return chain;
    }

    public TimeSpan AnswerWait => TimeSpan.FromSeconds(options.AnswerSeconds);

    private async Task<bool> IsRunningAsync(DurableTaskClient client, string domain, AgentChain agent, CancellationToken stop)
    {
        if (await client.GetInstanceAsync(agent.ChainId, stop) is { } instance) return !instance.IsCompleted;
        if (await chains.FindAsync(domain, agent.ChainId, stop) is not { End: null }) return false;
        if (await chains.StartAsync(domain, agent.ChainId, stop) is not { } start) return false;
        await ScheduleAsync(client, start, stop);
        return true;
    }

    /// <summary>Begins a chain once, however often it is begun.</summary>
    private static async Task ScheduleAsync(DurableTaskClient client, ChainStart start, CancellationToken stop)
    {
        try
        {
            var once = new StartOrchestrationOptions(start.ChainId) { DedupeStatuses = EveryEnd };
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(ChainFunctions.RunChain), start, once, stop);
        }
        catch (InvalidOperationException)
        {
            // Another press of the same agent began it.
        }
    }

    private sealed record SeenStep(string ChainId, int Number);
}
