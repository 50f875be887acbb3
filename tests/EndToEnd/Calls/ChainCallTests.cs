using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.EndToEnd.Telemetry;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Calls;

/// <summary>A button's chain calls through the real worker, and goes on with what becomes of its call (C8, C9).</summary>
public sealed class ChainCallTests(SuiteFixture fixture) : IAsyncLifetime
{
    private const string Script = """
        export function main() { return { __: { action: { name: 'makeCall', params: ['alt_phone'] }, after: { event: 'answered', fn: 'talk' } } }; }
        export function talk(data) { return { heard: data.event, __: { after: { event: 'ended', fn: 'bye', call: data.call.id } } }; }
        export function bye(data) { return { heard: data.event, result: data.call.result }; }
        """;

    private Phone _agent = null!;
    private Phone _callee = null!;

    private ClickToDialSuite Suite => fixture.Product;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        Assert.SkipWhen(ScriptRunner.Missing is not null, ScriptRunner.Missing ?? "");
        _agent = await fixture.PhoneAsync(440);
        _callee = await fixture.PhoneAsync(660);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
        if (_callee is not null) await _callee.DisposeAsync();
    }

    [Fact(DisplayName = "C8, C9: a press rings the agent's phone and the number, the chain goes on at the answer and ends at the end, and one trace tells all of it")]
    public async Task Press_becomes_a_call_that_the_chain_follows()
    {
        await PostAsync("/api/campaign/entries", new JsonObject { ["entries"] = new JsonArray(new JsonObject { ["alt_phone"] = _callee.User }) });
        var script = await MakeAsync("/api/scripts", new JsonObject { ["name"] = "calls", ["source"] = Script });
        var next = await MakeAsync("/api/buttons", new JsonObject { ["label"] = "Next", ["fn"] = "next()" });
        var button = await MakeAsync("/api/buttons", new JsonObject { ["label"] = "Call", ["sandbox_id"] = script });
        var taken = await PressAsync(next);
        await PostAsync($"/api/chains/{taken["chain"]!["id"]}/ack", new JsonObject { ["action"] = 1, ["result"] = "ok" });

        var pressed = await PressAsync(button);

        var (chain, call) = (pressed["chain"]!["id"]!.GetValue<string>(), CallId.Parse(pressed["call"]!.GetValue<string>()));
        var calling = await _agent.RingsAsync();
        await calling.AnswerAsync();
        var called = await _callee.RingsAsync();
        await called.AnswerAsync();
        await calling.HearsAsync(660);
        using var stream = await FollowAsync(chain);
        Assert.Equal("answered", await stream.HeardAsync());
        await called.HangUpAsync();
        await calling.EndsAsync();
        Assert.Equal("ended", await stream.HeardAsync());
        Assert.Contains("\"done\"", await stream.EndAsync(), StringComparison.Ordinal);
        Assert.Equal("answered", (await Suite.EndedCallAsync(call)).Body!["result"]!.GetValue<string>());
        await AssertIsOneTraceAsync(chain);
    }

    /// <summary>Spans are written a moment after what they tell of: asked again until the last one is there.</summary>
    private async Task AssertIsOneTraceAsync(string chain)
    {
        string[] wanted = ["PressButton", "SIP BYE", "SIP INVITE", "call", "chain command", "chain end", "chain entry", "chain script", "chain show", "chain watch", "worker PUT"];
        using var limit = new CancellationTokenSource(Patience.Step);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var spans = Suite.SpanLines().Select(Span.Read).ToList();
            var trace = spans.Find(s => s.Tags.GetValueOrDefault("chain.id") == chain)?.Trace;
            var names = spans.Where(s => s.Trace == trace).Select(s => s.Name).Distinct().ToList();
            if (!wanted.Except(names).Any()) return;
            if (limit.IsCancellationRequested) Assert.Fail($"The trace has only: {string.Join(", ", names)}");
            await pace.WaitForNextTickAsync();
        }
    }

    /// <returns>What the answer has under <c>__</c>.</returns>
    private async Task<JsonNode> PressAsync(string button) =>
        (await PostAsync($"/api/softphone/button/{button}", new JsonObject { ["user"] = _agent.User, ["phone"] = "remote" }))["__"]!;

    private async Task<string> MakeAsync(string path, JsonObject body) => (await PostAsync(path, body))["id"]!.GetValue<string>();

    private async Task<JsonNode> PostAsync(string path, JsonObject body)
    {
        var answer = await Suite.Api.SendAsync(HttpMethod.Post, path, body, key: Suite.Api.ApiKey);
        Assert.True(answer.Status is >= 200 and < 300, $"{path}: {answer.Status} {answer.Body?.ToJsonString()}");
        return answer.Body ?? new JsonObject();
    }

    private async Task<ChainStream> FollowAsync(string chain)
    {
        var http = new HttpClient { BaseAddress = Suite.FunctionsUrl };
        http.DefaultRequestHeaders.Add("X-Api-Key", Suite.Api.ApiKey);
        return new ChainStream(http, new StreamReader(await http.GetStreamAsync($"/api/chains/{chain}/events")));
    }

    /// <summary>A chain's server-sent events.</summary>
    private sealed class ChainStream(HttpClient http, StreamReader reader) : IDisposable
    {
        /// <summary>What the script said next that it had heard.</summary>
        public async Task<string?> HeardAsync()
        {
            while (true)
                if (JsonNode.Parse(await DataAsync())?["shown"]?["heard"]?.GetValue<string>() is { } heard) return heard;
        }

        public async Task<string> EndAsync()
        {
            while (true)
                if (await DataAsync() is var data && JsonNode.Parse(data)?["reason"] is not null) return data;
        }

        public void Dispose()
        {
            reader.Dispose();
            http.Dispose();
        }

        private async Task<string> DataAsync()
        {
            using var patience = new CancellationTokenSource(Patience.Start);
            while (await reader.ReadLineAsync(patience.Token) is { } line)
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return line["data: ".Length..];
            throw new InvalidOperationException("The stream broke off.");
        }
    }
}
