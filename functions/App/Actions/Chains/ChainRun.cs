using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// One chain from its button to its end. Runs again from its start at every step of it, so it awaits nothing but what the context
/// gives, and never leaves the context's thread.
/// </summary>
internal sealed class ChainRun(TaskOrchestrationContext context, ChainStart start)
{
    /// <summary>Of all answers to one script, in characters: the runner takes a body of 4 MiB.</summary>
    private const int MostAnswered = 2_500_000;

    private readonly ChainScreen _screen = new(context, start);

    // Whose calls they are: of the last token that had a say. A key's word changes nothing, and what a key began ends with no token.
    private ChainToken? _token = start.Token;

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
        await _screen.EndAsync(end);
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
            _screen.Printed(ran.Console);
            if (ran.Fault is not null) return (new ChainEnd(ChainEndings.ScriptFailed, ran.Fault, ran.Status), null);
            answered = ran.Result;
            (reply, var fault) = ScriptReply.Read(answered is null ? null : JsonNode.Parse(answered));
            if (reply is null) return (new ChainEnd(ChainEndings.ScriptFailed, fault), null);
        }
        return (now.Plan.Action ?? reply?.Action) switch
        {
            null => await ShowAsync(reply, now.Plan.Script),
            { Name: ActionName.OpenForm } action => await FormAsync(action, now.Plan.FormId, reply, answered),
            { } action => await ActAsync(action, reply, now.Plan.Script),
        };
    }

    private async Task<ScriptResult> RunScriptAsync(int step, ScriptCall script, string data)
    {
        var seed = context.NewGuid().ToString("N");
        var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var work = new ScriptWork(start.Domain, start.User, start.ChainId, step, script.ScriptId, script.Entry, null, data, seed, now, [], start.Trace);
        while (true)
        {
            var result = await context.CallActivityAsync<ScriptResult>(nameof(ChainActivities.RunScript), work, ChainScreen.Tries);
            if (result.Requests.Count == 0) return result;
            if (work.Answers.Sum(answer => answer.Length) > MostAnswered) return result with { Fault = $"The script was answered more than {MostAnswered} characters." };
            var asked = result.Requests.Select((request, i) => context.CallActivityAsync<string>(
                nameof(ChainActivities.AnswerScript),
                new AnswerWork(start.Domain, start.User, start.ChainId, $"{start.ChainId}-{step}-{work.Answers.Count + i}", request, _token, start.Trace),
                ChainScreen.Tries));
            var answers = await Task.WhenAll(asked);
            work = work with { Version = result.Version, Answers = [.. work.Answers, .. answers] };
        }
    }

    private async Task<(ChainEnd?, Next?)> ShowAsync(ScriptReply? reply, ScriptCall? script)
    {
        var step = new JsonObject();
        Describe(step, reply);
        if (reply?.After is { } after)
        {
            await _screen.ShowAsync(step, null);
            return await AfterCallAsync(after, null, script!);
        }
        if (step.Count > 0) _screen.ShowLast(step);
        return (new ChainEnd(ChainEndings.Done), null);
    }

    private async Task<(ChainEnd?, Next?)> FormAsync(ChainAction action, string? formId, ScriptReply? reply, string? answered)
    {
        var step = Described(action, reply);
        if (reply?.FormData is { } data) step["formData"] = data.DeepClone();
        var work = new FormWork(start.Domain, formId, action.Parameters.Count > 0 ? action.Parameters[0] : null, answered, _screen.Prepare(step, "form"));
        var form = await context.CallActivityAsync<LoadedForm>(nameof(ChainActivities.LoadForm), work, ChainScreen.Tries);
        if (form.Ending is { } ending) return (new ChainEnd(ending, form.Detail), null);
        _screen.Accept();
        if (await WordAsync() is not { } word) return (new ChainEnd(ChainEndings.ClientSilent), null);
        if (!word.IsOk) return (new ChainEnd(ChainEndings.Refused), null);
        var sent = word.Data ?? "{}";
        return form.ScriptId is { } script ? (null, new Next(new StepPlan(new ScriptCall(script, form.Entry ?? ScriptCall.Main)), sent)) : (new ChainEnd(ChainEndings.Done), null);
    }

    private async Task<(ChainEnd?, Next?)> ActAsync(ChainAction action, ScriptReply? reply, ScriptCall? script)
    {
        var step = Described(action, reply);
        if (action.Name is ActionName.Save or ActionName.Next or ActionName.MakeCall && await EntryAsync(action, step) is { } failed) return (failed, null);
        string? call;
        if (start.IsRemote && action.Name is ActionName.AnswerCall or ActionName.EndCall or ActionName.MakeCall or ActionName.ToggleMic)
        {
            (call, var fault) = await CommandAsync(action.Name, JsonBody.Text(step["dial"]));
            if (fault is not null) return (new ChainEnd(ChainEndings.ActionFailed, fault), null);
            (step["by"], step["call"], step["result"]) = ("server", call, "ok");
            if (reply?.After is null) _screen.ShowLast(step);
            else await _screen.ShowAsync(step, null);
        }
        else
        {
            await _screen.ShowAsync(step, "ack");
            if (await WordAsync() is not { } word) return (new ChainEnd(ChainEndings.ClientSilent), null);
            if (!word.IsOk) return (new ChainEnd(ChainEndings.Refused), null);
            call = word.Data is null ? null : JsonBody.Text(JsonNode.Parse(word.Data)?["call"]);
        }
        return reply?.After is { } after ? await AfterCallAsync(after, call, script!) : (new ChainEnd(ChainEndings.Done), null);
    }

    private async Task<ClientWord?> WordAsync()
    {
        var word = await _screen.WordAsync();
        if (word?.Token is { } token) _token = token with { ChargedOnly = start.Token is null };
        return word;
    }

    /// <summary>What the action does with the agent's campaign entry.</summary>
    private async Task<ChainEnd?> EntryAsync(ChainAction action, JsonObject step)
    {
        var decision = action.Name == ActionName.Save ? action.Parameters[0] : null;
        var work = new EntryWork(start.Domain, start.User, start.ChainId, $"{start.ChainId}-{_screen.Next}", decision, start.Trace);
        var name = action.Name switch
        {
            ActionName.Save => nameof(ChainActivities.SaveDecision),
            ActionName.Next => nameof(ChainActivities.LoadNextEntry),
            _ => nameof(ChainActivities.LoadEntry),
        };
        var entry = await context.CallActivityAsync<string?>(name, work, ChainScreen.Tries);
        step["entry"] = entry is null ? null : JsonNode.Parse(entry);
        if (action.Name != ActionName.MakeCall) return null;
        if (step["entry"]?[action.Parameters[0]] is not { } number) return new ChainEnd(ChainEndings.ActionFailed, $"There is no current entry with {action.Parameters[0]}.");
        step["dial"] = number.DeepClone();
        return null;
    }

    /// <summary>Decided first and done then, so that a repeat does the same with the same call.</summary>
    private async Task<(string? CallId, string? Fault)> CommandAsync(ActionName action, string? dial)
    {
        var work = new CallWork(start.Domain, start.User, start.ChainId, $"{start.ChainId}-{_screen.Next}", action, Dial: dial, Token: _token, Trace: start.Trace);
        if (action != ActionName.MakeCall)
        {
            var found = await context.CallActivityAsync<CallDone>(nameof(ChainActivities.FindCall), work, ChainScreen.Tries);
            if (found.Fault is not null) return (null, found.Fault);
            work = work with { CallId = found.CallId, Order = found.Order };
        }
        var done = await context.CallActivityAsync<CallDone>(nameof(ChainActivities.CommandCall), work, ChainScreen.Tries);
        return (done.CallId, done.Fault);
    }

    private async Task<(ChainEnd?, Next?)> AfterCallAsync(CallWait after, string? call, ScriptCall script)
    {
        if ((after.CallId ?? call) is not { } callId) return (new ChainEnd(ChainEndings.ActionFailed, "Nobody has said which call is waited for."), null);
        await _screen.ShowAsync(new JsonObject { ["call"] = callId, ["event"] = after.Answered ? CallNews.Answered : CallNews.Ended }, "call");
        var watch = new WatchWork(start.Domain, start.User, start.ChainId, callId, after.Answered, start.Trace);
        var watched = await context.CallActivityAsync<WatchedCall>(nameof(ChainActivities.WatchCall), watch, ChainScreen.Tries);
        if (watched.Fault is not null) return (new ChainEnd(ChainEndings.ActionFailed, watched.Fault), null);
        if (await _screen.NewsAsync(callId, after.Answered, watched.News) is not { } news) return (new ChainEnd(ChainEndings.CallSilent), null);
        var data = new JsonObject { ["event"] = news.Event, ["call"] = JsonNode.Parse(news.Call) };
        return (null, new Next(new StepPlan(script with { Entry = after.Entry }), data.ToJsonString()));
    }

    private static JsonObject Described(ChainAction action, ScriptReply? reply)
    {
        var parameters = new JsonArray([.. action.Parameters.Select(p => (JsonNode)p)]);
        var step = new JsonObject { ["action"] = new JsonObject { ["name"] = JsonSerializer.SerializeToNode(action.Name), ["params"] = parameters } };
        Describe(step, reply);
        return step;
    }

    private static void Describe(JsonObject step, ScriptReply? reply)
    {
        if (reply?.Shown is { } shown) step["shown"] = shown.DeepClone();
        if (reply?.Eval is { } eval) step["eval"] = eval;
    }

    private sealed record Next(StepPlan Plan, string Data);
}
