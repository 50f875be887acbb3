using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>What a chain shows to its client, step by step, and what it hears. Like the chain it runs again from its start at every step.</summary>
internal sealed class ChainScreen(TaskOrchestrationContext context, ChainStart start)
{
    public static readonly TaskOptions Tries = TaskOptions.FromRetryPolicy(new RetryPolicy(6, TimeSpan.FromMilliseconds(500), 2.0));

    private int _shown;
    private string? _before;
    private string? _console;
    private ShowWork? _last;

    /// <summary>Number of the step that comes next.</summary>
    public int Next => _shown + 1;

    /// <summary>What the script before the next step printed, for its author.</summary>
    public void Printed(string? console) => _console = console;

    /// <summary>The next step, to be shown by an activity that does something else as well; then it is <see cref="Accept"/>ed.</summary>
    public ShowWork Prepare(JsonObject step, string? waitsFor)
    {
        step["number"] = Next;
        if (waitsFor is not null) step["waitsFor"] = waitsFor;
        step["at"] = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        return new ShowWork(start.Domain, start.ChainId, Next, step.ToJsonString(), _before, _console, start.Trace);
    }

    public void Accept()
    {
        _shown++;
        _before = _console = null;
    }

    public async Task ShowAsync(JsonObject step, string? waitsFor)
    {
        await context.CallActivityAsync(nameof(ChainActivities.ShowStep), Prepare(step, waitsFor), Tries);
        Accept();
    }

    /// <summary>The last step: it goes out together with the end.</summary>
    public void ShowLast(JsonObject step)
    {
        _last = Prepare(step, null);
        Accept();
    }

    public Task EndAsync(ChainEnd end)
    {
        var work = new EndWork(start.Domain, start.ChainId, start.User, _shown, _before, end.Reason, end.Detail, end.Status, _last, _console, start.Trace);
        return context.CallActivityAsync(nameof(ChainActivities.EndChain), work, Tries);
    }

    /// <summary>What the client says of the step that is shown; null when it says nothing for too long.</summary>
    public async Task<ClientWord?> WordAsync()
    {
        var word = await HearAsync<ClientWord>(ClientWord.EventOf(_shown));
        _before = word is null ? "silent" : word.IsOk ? "ok" : "refused";
        return word;
    }

    /// <summary>What becomes of the call that the step that is shown waits for; null when nothing does for too long.</summary>
    /// <param name="news">What is known already.</param>
    public async Task<CallNews?> NewsAsync(string callId, bool answered, CallNews? news)
    {
        while (news is null || (!answered && news.Event == CallNews.Answered))
        {
            news = await HearAsync<CallNews>(CallNews.EventOf(callId));
            if (news is null) break;
        }
        _before = news?.Event ?? "silent";
        return news;
    }

    private async Task<T?> HearAsync<T>(string name)
        where T : class
    {
        try
        {
            return await context.WaitForExternalEvent<T>(name, TimeSpan.FromSeconds(start.WaitSeconds));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
