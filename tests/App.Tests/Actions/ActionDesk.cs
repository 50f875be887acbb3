using System.Net;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.TestKit.Events;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Builds what a test presses, and plays the agent's client.</summary>
internal sealed class ActionDesk(TestDomain domain)
{
    public const string Endless = "(data) => ({ __: { action: { name: 'openForm', params: ['Lead'] } } })";

    public static ActionDesk Of(AppRig app, bool needsScripts = true)
    {
        Assert.SkipWhen(needsScripts && ScriptRunnerPeer.Missing is not null, ScriptRunnerPeer.Missing ?? "");
        return new ActionDesk(app.NewDomain());
    }

    public TestDomain Domain { get; } = domain;

    public Task<string> ScriptAsync(string source, string name = "script") => MakeAsync("scripts", new { name, source });

    public Task<string> FormAsync(string name, string? script = null, object[]? fields = null, string? fn = null) =>
        MakeAsync("forms", new { name, sandbox_id = script, fn, formSchema = fields ?? [new { type = "input", name = "first_name" }] });

    public Task<string> ButtonAsync(object button) => MakeAsync("buttons", button);

    public Task<Answer> PressAsync(string button, object? body = null) => Domain.SendAsync(HttpMethod.Post, $"/api/softphone/button/{button}", body ?? new { user = "101" });

    public Task<Answer> SubmitAsync(string form, object data, string user = "101") => Domain.SendAsync(HttpMethod.Post, $"/api/softphone/form/{form}", new { user, data });

    public Task<Answer> AcknowledgeAsync(string chain, int action, string result = "ok") =>
        Domain.SendAsync(HttpMethod.Post, $"/api/chains/{chain}/ack", new { action, result });

    public Task<Answer> ChainAsync(string chain) => Domain.GetAsync($"/api/chains/{chain}");

    /// <summary>How the chain ended, told by its event stream.</summary>
    public async Task<JsonElement> EndedAsync(string chain) => (await FollowAsync(chain, _ => false))!.Value;

    /// <summary>Follows the chain's event stream to the step that is looked for.</summary>
    public async Task StepAsync(string chain, Func<JsonElement, bool> wanted) =>
        Assert.Null(await FollowAsync(chain, wanted));

    /// <returns>The end; null when the step came first.</returns>
    private async Task<JsonElement?> FollowAsync(string chain, Func<JsonElement, bool> wanted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chains/{chain}/events");
        request.Headers.Add("X-Api-Key", Domain.Key);
        using var response = await Domain.App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var patience = new CancellationTokenSource(Patience.Start);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
        var isEnd = false;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line == "event: end") isEnd = true;
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            var data = JsonElement.Parse(line["data: ".Length..]);
            if (isEnd) return data;
            if (wanted(data)) return null;
        }
        throw new InvalidOperationException("The stream broke off.");
    }

    public static string ChainOf(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return Block(answer).GetProperty("chain").GetProperty("id").GetString()!;
    }

    public static JsonElement Block(Answer answer) => answer.Json.GetProperty("__");

    /// <summary>Such as "openForm Lead", or null.</summary>
    public static string? ActionOf(Answer answer) => Block(answer).TryGetProperty("action", out var action)
        ? string.Join(' ', action.GetProperty("params").EnumerateArray().Select(p => p.GetString()).Prepend(action.GetProperty("name").GetString()))
        : null;

    private async Task<string> MakeAsync(string kind, object body)
    {
        var answer = await Domain.AdminAsync(HttpMethod.Post, $"/api/{kind}", body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
        return answer.Json.GetProperty("id").GetString()!;
    }
}
