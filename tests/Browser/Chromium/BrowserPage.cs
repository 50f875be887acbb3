using System.Text.Json.Nodes;
using ClickToDial.TestKit.Events;

namespace ClickToDial.Browser.Chromium;

/// <summary>A page, as a person and a debugger see it. Selectors reach into open shadow trees.</summary>
internal sealed class BrowserPage(ChromiumDriver driver, int id) : IAsyncDisposable
{
    public Task ClickAsync(string selector) => DoAsync("click", new JsonObject { ["selector"] = selector });

    public Task FillAsync(string selector, string text) => DoAsync("fill", new JsonObject { ["selector"] = selector, ["text"] = text });

    public Task FocusAsync(string selector) => DoAsync("focus", new JsonObject { ["selector"] = selector });

    public Task PressAsync(string key) => DoAsync("press", new JsonObject { ["key"] = key });

    public Task ReloadAsync() => DoAsync("reload", []);

    public Task ScreenshotAsync(string path) => DoAsync("screenshot", new JsonObject { ["path"] = path });

    public async Task<string> TextAsync(string selector) => (await DoAsync("text", new JsonObject { ["selector"] = selector }))!.GetValue<string>();

    public async Task<bool> IsVisibleAsync(string selector) => (await DoAsync("visible", new JsonObject { ["selector"] = selector }))!.GetValue<bool>();

    /// <summary>What a screen reader finds in an element: roles, names and states, one a line.</summary>
    public async Task<string> AriaAsync(string selector) => (await DoAsync("aria", new JsonObject { ["selector"] = selector }))!.GetValue<string>();

    /// <summary>Waits until there is such an element.</summary>
    public Task WaitAsync(string selector) =>
        DoAsync("wait", new JsonObject { ["selector"] = selector, ["limit"] = Patience.Step.TotalMilliseconds });

    /// <summary>What an expression, or the promise that it gives, comes to.</summary>
    public Task<JsonNode?> EvaluateAsync(string code) => DoAsync("eval", new JsonObject { ["code"] = code });

    /// <summary>All that has reached the page so far: answers, frames of WebSockets, what scripts wrote.</summary>
    public async Task<IReadOnlyList<JsonNode>> HeardAsync() => [.. (await DoAsync("heard", []))!.AsArray().Select(heard => heard!)];

    public async ValueTask DisposeAsync() => await DoAsync("close", []);

    internal Task<JsonNode?> DoAsync(string action, JsonObject with)
    {
        with["do"] = action;
        with["page"] = id;
        return driver.AskAsync(with, Patience.Start);
    }
}
