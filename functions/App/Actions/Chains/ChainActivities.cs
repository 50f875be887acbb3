using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Builders;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Chains;

/// <summary>What chains have done. Each may run more than once, and each has its effect once.</summary>
public sealed class ChainActivities(
    ItemTables tables, ScriptRunnerClient runner, ScriptHost host, ChainStore chains, CampaignEntries entries, CallCommands commands, CallWatch calls,
    ChainWatch watch, FormsAhead forms, StorageClients storage, AppMetrics metrics, TimeProvider time)
{
    /// <summary>Runs a script up to its end or to what it asks for, which is answered by <see cref="AnswerScript"/>: it has no effect itself.</summary>
    [ReadOnly(true)]
    [Function(nameof(RunScript))]
    public async Task<ScriptResult> RunScript([ActivityTrigger] ScriptWork work, CancellationToken stop)
    {
        using var span = Step("script", work.ChainId, work.Trace);
        var item = work.Version is { } version
            ? await tables.Scripts.FindAsync(work.Domain, work.ScriptId, version, stop)
            : await tables.Scripts.FindAsync(work.Domain, work.ScriptId, stop);
        if (item is null) return new ScriptResult(0, null, [], "The script is not there any more.");
        if (!runner.IsConfigured) return new ScriptResult(item.Version, null, [], "No script runner is configured.");
        var job = new JsonObject
        {
            ["source"] = JsonBody.Text(item.Json["source"]),
            ["entry"] = work.Entry,
            ["data"] = JsonNode.Parse(work.Data),
            ["ctx"] = new JsonObject { ["domain"] = work.Domain, ["user"] = work.User, ["chain"] = work.ChainId, ["step"] = work.Step },
            ["seed"] = work.Seed,
            ["now"] = work.Now,
            ["answers"] = new JsonArray([.. work.Answers.Select(answer => JsonNode.Parse(answer))]),
        };
        var ran = await runner.RunAsync(job, stop);
        // Thrown, so that it is tried again.
        if (!ran.IsOk) throw new InvalidOperationException("The script runner did not answer.");
        // The form that comes next is read while this answer is being stored.
        if (NamedForm(ran.Value) is { } form) forms.Begin(work.Domain, work.ChainId, form);
        return Read(item.Version, ran.Value) with { Console = ScriptConsole.Of(ran.Value["console"]) };
    }

    [Function(nameof(AnswerScript))]
    public async Task<string> AnswerScript([ActivityTrigger] AnswerWork work, CancellationToken stop)
    {
        using var span = Step("request", work.ChainId, work.Trace);
        var request = JsonNode.Parse(work.Request)!.AsObject();
        var answer = new JsonObject { ["digest"] = request["digest"]?.DeepClone(), ["at"] = time.GetUtcNow().ToUnixTimeMilliseconds() };
        try
        {
            var caller = new ScriptCaller(work.Domain, work.User, work.ChainId, work.Key, work.Token);
            answer["value"] = await host.AnswerAsync(caller, JsonBody.Text(request["call"]) ?? "", request["arguments"] as JsonArray ?? [], stop);
        }
        catch (ScriptRequestException e)
        {
            answer["error"] = new JsonObject { ["message"] = e.Message, ["reason"] = e.Reason };
        }
        return answer.ToJsonString();
    }

    [Function(nameof(LoadForm))]
    public async Task<LoadedForm> LoadForm([ActivityTrigger] FormWork work, CancellationToken stop)
    {
        using var span = Step("form", work.Show.ChainId, work.Show.Trace);
        var form = work.FormId is { } id ? await tables.FormAsync(work.Domain, id, stop) : await forms.TakeAsync(work.Domain, work.Show.ChainId, work.Name ?? "", stop);
        if (form is null) return new LoadedForm(null, null, ChainEndings.FormMissing, "There is no such form.");
        var patches = work.Reply is null ? [] : ScriptReply.Read(JsonNode.Parse(work.Reply)).Reply?.Patches ?? [];
        var (fields, fault) = FieldPatch.Apply(form.Fields, patches);
        if (fields is null) return new LoadedForm(null, null, ChainEndings.FormInvalid, fault);
        var step = JsonNode.Parse(work.Show.Step)!.AsObject();
        step["form"] = FormJson.Write(form with { Fields = fields });
        await ShowAsync(work.Show with { Step = step.ToJsonString() }, stop);
        return new LoadedForm(form.ScriptId, form.Entry);
    }

    [Function(nameof(ShowStep))]
    public async Task ShowStep([ActivityTrigger] ShowWork work, CancellationToken stop)
    {
        using var span = Step("show", work.ChainId, work.Trace);
        await ShowAsync(work, stop);
    }

    [Function(nameof(EndChain))]
    public async Task EndChain([ActivityTrigger] EndWork work, CancellationToken stop)
    {
        using var span = Step("end", work.ChainId, work.Trace)?.SetTag("chain.reason", work.Reason);
        await chains.EndAsync(work.Last is null ? work : work with { Last = await AllowedAsync(work.Last, stop) }, time.GetUtcNow(), stop);
        metrics.ChainEnded(work.Reason);
        watch.Changed(work.ChainId);
    }

    [Function(nameof(SaveDecision))]
    public Task<string?> SaveDecision([ActivityTrigger] EntryWork work, CancellationToken stop) => EntryAsync(work, () => entries.SaveAsync(work, stop));

    [Function(nameof(LoadNextEntry))]
    public Task<string?> LoadNextEntry([ActivityTrigger] EntryWork work, CancellationToken stop) => EntryAsync(work, () => entries.NextAsync(work, stop));

    [Function(nameof(LoadEntry))]
    public Task<string?> LoadEntry([ActivityTrigger] EntryWork work, CancellationToken stop) => EntryAsync(work, () => entries.CurrentAsync(work.Domain, work.User, stop));

    [Function(nameof(FindCall))]
    public Task<CallDone> FindCall([ActivityTrigger] CallWork work, CancellationToken stop) => commands.FindAsync(work, stop);

    [Function(nameof(CommandCall))]
    public async Task<CallDone> CommandCall([ActivityTrigger] CallWork work, CancellationToken stop)
    {
        using var span = Step("command", work.ChainId, work.Trace);
        return await commands.DoAsync(work, stop);
    }

    [Function(nameof(WatchCall))]
    public async Task<WatchedCall> WatchCall([ActivityTrigger] WatchWork work, CancellationToken stop)
    {
        using var span = Step("watch", work.ChainId, work.Trace);
        var (news, fault) = await calls.WatchAsync(work, stop);
        return new WatchedCall(news, fault);
    }

    /// <summary>Counts a step and begins its span, in the trace of the press that began the chain.</summary>
    private Activity? Step(string kind, string chainId, string? trace)
    {
        metrics.ChainStepped(kind);
        return trace is null ? null : AppTrace.Source.Begin($"chain {kind}", ActivityKind.Internal, trace)?.SetTag("chain.id", chainId);
    }

    private async Task<string?> EntryAsync(EntryWork work, Func<Task<string?>> take)
    {
        using var span = Step("entry", work.ChainId, work.Trace);
        return await take();
    }

    private async Task ShowAsync(ShowWork work, CancellationToken stop)
    {
        var shown = await AllowedAsync(work, stop);
        await chains.ShowAsync(shown, stop);
        watch.Changed(work.ChainId, shown);
    }

    /// <summary>The step without what the domain does not let through.</summary>
    private async Task<ShowWork> AllowedAsync(ShowWork work, CancellationToken stop)
    {
        var step = JsonNode.Parse(work.Step)!.AsObject();
        if (!step.ContainsKey(ChainViews.Eval) || (await ScriptSettings.ReadAsync(storage, work.Domain, stop)).Eval) return work;
        step.Remove(ChainViews.Eval);
        return work with { Step = step.ToJsonString() };
    }

    private static string? NamedForm(JsonObject answer) =>
        ScriptReply.Read(answer["result"]).Reply?.Action is { Name: ActionName.OpenForm, Parameters: [var form, ..] } ? form : null;

    private static ScriptResult Read(int version, JsonObject answer) => JsonBody.Text(answer["outcome"]) switch
    {
        "done" => new ScriptResult(version, answer["result"]?.ToJsonString(), []),
        "waiting" => new ScriptResult(version, null, [.. answer["requests"]!.AsArray().Select(request => request!.ToJsonString())]),
        _ when JsonBody.Number(answer["error"]?["status"]) is { } status => new ScriptResult(version, null, [], JsonBody.Text(answer["error"]!["message"]) ?? "", status),
        _ => new ScriptResult(version, null, [], ScriptFault.Describe(answer["error"])),
    };
}
