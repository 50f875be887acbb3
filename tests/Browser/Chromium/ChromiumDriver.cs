using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Browser.Chromium;

/// <summary>One Chromium without a screen, driven by Playwright through a small program.</summary>
internal sealed class ChromiumDriver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _asked = new();
    private readonly ChildProcess _process;
    private int _commands;
    private int _pages;

    /// <param name="arguments">More of Chromium's own.</param>
    public ChromiumDriver(params string[] arguments) => _process = ChildProcess.Start(new ChildProcessOptions(
        "chromium", Tool.Node.Path!, [BrowserTool.Driver, BrowserTool.Playwright, BrowserTool.Program, .. arguments], OnLine: Take));

    /// <summary>A page with a profile of its own.</summary>
    /// <param name="script">Run before any script of any page there.</param>
    public async Task<BrowserPage> OpenAsync(string url, string? script = null)
    {
        var page = new BrowserPage(this, Interlocked.Increment(ref _pages));
        await page.DoAsync("open", new JsonObject { ["url"] = url, ["script"] = script });
        return page;
    }

    public async Task<JsonNode?> AskAsync(JsonObject command, TimeSpan? limit = null)
    {
        var id = Interlocked.Increment(ref _commands);
        command["id"] = id;
        var answer = _asked[id] = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.WriteLineAsync(command.ToJsonString());
        if (await Task.WhenAny(answer.Task, _process.Exited).WaitAsync(limit ?? Patience.Step) != answer.Task)
            throw new InvalidOperationException($"Chromium has ended. {_process.LastOutput()}");
        return await answer.Task;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Take(string line)
    {
        if (!line.StartsWith("{\"id\":", StringComparison.Ordinal)) return;
        var answer = JsonNode.Parse(line)!;
        if (!_asked.TryRemove(answer["id"]!.GetValue<int>(), out var asked)) return;
        if (answer["error"] is { } error) asked.SetException(new InvalidOperationException(error.GetValue<string>()));
        else asked.SetResult(answer["result"]);
    }
}
