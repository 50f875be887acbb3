using System.Text.Json.Nodes;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// One chain from its button to its end. Runs again from its start at every step of it, so it awaits nothing but what the context
/// gives, and never leaves the context's thread.
/// </summary>
internal sealed class ChainRun(TaskOrchestrationContext context, ChainStart start)
{
    private static readonly TaskOptions Tries = TaskOptions.FromRetryPolicy(new RetryPolicy(6, TimeSpan.FromMilliseconds(500), 2.0));

    private int _shown;
    private string? _before;

    public async Task<ChainEnd> RunAsync()
    {
        ChainEnd end;
        try
        {
            end = await StepsAsync();
        }
        catch (TaskFailedException e)
        {
            end = new ChainEnd(ChainEndings.Failed, $"{e.TaskName} failed.");
        }
        var work = new EndWork(start.Domain, start.ChainId, start.User, _shown, _before, end.Reason, end.Detail, end.Status);
        await context.CallActivityAsync(nameof(ChainActivities.EndChain), work, Tries);
        return end;
    }

    private async Task<ChainEnd> StepsAsync()
    {
        var next = new Next(start.Plan, start.Data);
        for (var step = 1; step <= start.MaxSteps; step++)
        {
            var (end, then) = await StepAsync(step, next);
            if (end is not null) return end;
            next = then!;
        }
        return new ChainEnd(ChainEndings.TooManySteps, $"A chain has at most {start.MaxSteps} steps.");
    }

    private async Task<(ChainEnd? End, Next? Then)> StepAsync(int step, Next now)
    {
        string? answered = null;
        ScriptReply? reply = null;
        if (now.Plan.Script is { } script)
        {
            var ran = await RunScriptAsync(step, script, now.Data);
            if (ran.Fault is not null) return (new ChainEnd(ChainEndings.ScriptFailed, ran.Fault, ran.Status), null);
            answered = ran.Result;
            (reply, var fault) = ScriptReply.Read(answered is null ? null : JsonNode.Parse(answered));
            if (reply is null) return (new ChainEnd(ChainEndings.ScriptFailed, fault), null);
        }
        return (now.Plan.Action ?? reply?.Action) switch
        {
            null => await ShowLastAsync(reply),
            { Name: ActionName.OpenForm } action => await FormAsync(action, now.Plan.FormId, reply, answered),
            { } action => await ActAsync(action, reply),
        };
    }

    private async Task<ScriptResult> RunScriptAsync(int step, ScriptCall script, string data)
    {
        var seed = context.NewGuid().ToString("N");
        var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var work = new ScriptWork(start.Domain, start.User, start.ChainId, step, script.ScriptId, script.Entry, null, data, seed, now, []);
        while (true)
        {
            var result = await context.CallActivityAsync<ScriptResult>(nameof(ChainActivities.RunScript), work, Tries);
            if (result.Requests.Count == 0) return result;
            var asked = result.Requests.Select((request, i) => context.CallActivityAsync<string>(
                nameof(ChainActivities.AnswerScript),
                new AnswerWork(start.Domain, start.User, start.ChainId, $"{start.ChainId}-{step}-{work.Answers.Count + i}", request),
                Tries));
            var answers = await Task.WhenAll(asked);
            work = work with { Version = result.Version, Answers = [.. work.Answers, .. answers] };
        }
    }

    private async Task<(ChainEnd?, Next?)> ShowLastAsync(ScriptReply? reply)
    {
        if (reply?.Shown is { } shown) await ShowAsync(new JsonObject { ["shown"] = shown.DeepClone() }, null);
        return (new ChainEnd(ChainEndings.Done), null);
    }

    private async Task<(ChainEnd?, Next?)> FormAsync(ChainAction action, string? formId, ScriptReply? reply, string? answered)
    {
        var work = new FormWork(start.Domain, formId, action.Parameters.Count > 0 ? action.Parameters[0] : null, answered);
        var form = await context.CallActivityAsync<LoadedForm>(nameof(ChainActivities.LoadForm), work, Tries);
        if (form.Ending is { } ending) return (new ChainEnd(ending, form.Detail), null);
        var step = Described(action, reply);
        step["form"] = JsonNode.Parse(form.Form!);
        if (reply?.FormData is { } data) step["formData"] = data.DeepClone();
        await ShowAsync(step, "form");
        if (await WordAsync() is not { } word) return (new ChainEnd(ChainEndings.ClientSilent), null);
        if (!word.IsOk) return (new ChainEnd(ChainEndings.Refused), null);
        var sent = word.Data ?? "{}";
        return form.ScriptId is { } script ? (null, new Next(new StepPlan(new ScriptCall(script, form.Entry ?? ScriptCall.Main)), sent)) : (new ChainEnd(ChainEndings.Done), null);
    }

    private async Task<(ChainEnd?, Next?)> ActAsync(ChainAction action, ScriptReply? reply)
    {
        var step = Described(action, reply);
        if (action.Name is ActionName.Save or ActionName.Next or ActionName.MakeCall)
        {
            var work = new EntryWork(start.Domain, start.User, start.ChainId, $"{start.ChainId}-{_shown + 1}", action.Name == ActionName.Save ? action.Parameters[0] : null);
            var name = action.Name switch
            {
                ActionName.Save => nameof(ChainActivities.SaveDecision),
                ActionName.Next => nameof(ChainActivities.LoadNextEntry),
                _ => nameof(ChainActivities.LoadEntry),
            };
            var entry = await context.CallActivityAsync<string?>(name, work, Tries);
            step["entry"] = entry is null ? null : JsonNode.Parse(entry);
            if (action.Name == ActionName.MakeCall)
            {
                if (step["entry"]?[action.Parameters[0]] is not { } number) return (new ChainEnd(ChainEndings.ActionFailed, $"There is no current entry with {action.Parameters[0]}."), null);
                step["dial"] = number.DeepClone();
            }
        }
        await ShowAsync(step, "ack");
        if (await WordAsync() is not { } word) return (new ChainEnd(ChainEndings.ClientSilent), null);
        return (new ChainEnd(word.IsOk ? ChainEndings.Done : ChainEndings.Refused), null);
    }

    private static JsonObject Described(ChainAction action, ScriptReply? reply)
    {
        var parameters = new JsonArray([.. action.Parameters.Select(p => (JsonNode)p)]);
        var step = new JsonObject { ["action"] = new JsonObject { ["name"] = System.Text.Json.JsonSerializer.SerializeToNode(action.Name), ["params"] = parameters } };
        if (reply?.Shown is { } shown) step["shown"] = shown.DeepClone();
        return step;
    }

    private async Task ShowAsync(JsonObject step, string? waitsFor)
    {
        _shown++;
        step["number"] = _shown;
        step["waitsFor"] = waitsFor;
        step["at"] = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        await context.CallActivityAsync(nameof(ChainActivities.ShowStep), new ShowWork(start.Domain, start.ChainId, _shown, step.ToJsonString(), _before), Tries);
        _before = null;
    }

    /// <summary>What the client says of the step that is shown; null when it says nothing for too long.</summary>
    private async Task<ClientWord?> WordAsync()
    {
        try
        {
            var word = await context.WaitForExternalEvent<ClientWord>(ClientWord.EventOf(_shown), TimeSpan.FromSeconds(start.WaitSeconds));
            _before = word.IsOk ? "ok" : "refused";
            return word;
        }
        catch (OperationCanceledException)
        {
            _before = "silent";
            return null;
        }
    }

    private sealed record Next(StepPlan Plan, string Data);
}
