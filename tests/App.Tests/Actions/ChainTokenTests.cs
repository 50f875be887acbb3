using System.Net;
using System.Text.Json;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.EmbeddedHost.Durable.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Rows B1 and C7: a page's token makes no more calls by way of a chain than by itself.</summary>
public sealed class ChainTokenTests(AppRig app)
{
    private const string Calling = """
        async function main() {
          try { return { id: (await calls.make('echo')).id }; } catch (e) { return { refused: e.reason }; }
        }
        """;

    private const string CallingTwice = """
        async function call() {
          try { await calls.make('echo'); return 'made'; } catch (e) { return e.reason; }
        }
        async function main() { return { calls: [await call(), await call()] }; }
        """;

    [Fact(DisplayName = "B1, C7: the calls of a chain spend the token that its button was pressed with; an API key has nothing to spend")]
    public async Task Calls_spend_the_token()
    {
        var desk = ActionDesk.Of(app);
        var button = await CallingButtonAsync(desk);
        var token = await desk.Domain.TokenAsync(new { user = "101", calls = 2 });

        Assert.NotNull(Id(await PressAsync(desk, button, token)));
        Assert.NotNull(Id(await PressAsync(desk, button, token)));
        Assert.Equal("token-spent", Refused(await PressAsync(desk, button, token)));
        Assert.Equal(2, desk.Domain.DialledAtWorker);
        Assert.NotNull(Id(await desk.PressAsync(button)));
    }

    [Fact(DisplayName = "B1, C7: the calls of a chain count for the address that the token came from")]
    public async Task Calls_count_for_the_address()
    {
        Assert.SkipWhen(ScriptRunnerPeer.Missing is not null, ScriptRunnerPeer.Missing ?? "");
        var desk = new ActionDesk(app.Special("chaincap.test"));
        var button = await CallingButtonAsync(desk);

        Assert.NotNull(Id(await PressAsync(desk, button, await desk.Domain.TokenAsync(), "203.0.113.8")));
        Assert.Equal("address-hourly-limit", Refused(await PressAsync(desk, button, await desk.Domain.TokenAsync(), "203.0.113.8")));
        Assert.NotNull(Id(await PressAsync(desk, button, await desk.Domain.TokenAsync(), "203.0.113.9")));
    }

    [Fact(DisplayName = "B1, C7: what a chain of an API key calls after a page's token has sent its form is that token's")]
    public async Task Calls_are_those_of_whoever_goes_on()
    {
        var desk = ActionDesk.Of(app);
        var form = await desk.FormAsync("Ask", await desk.ScriptAsync(Calling));
        var button = await desk.ButtonAsync(new { label = "Ask", form_id = form, supersedes = true });
        var token = await desk.Domain.TokenAsync(new { user = "101", calls = 1 });
        var sent = new { data = new { first_name = "Eve" } };
        Task<Answer> SubmitAsync() => desk.Domain.SendAsync(HttpMethod.Post, $"/api/softphone/form/{form}", sent, token);

        Assert.Equal("openForm", ActionDesk.ActionOf(await desk.PressAsync(button))?.Split(' ')[0]);
        Assert.NotNull(Id(await SubmitAsync()));
        await desk.PressAsync(button);
        Assert.Equal("token-spent", Refused(await SubmitAsync()));
        // And as ever of the key where it goes on itself.
        await desk.PressAsync(button);
        Assert.NotNull(Id(await desk.SubmitAsync(form, sent.data)));
        Assert.Equal(2, desk.Domain.DialledAtWorker);
    }

    [Fact(DisplayName = "B1, C7: a token that may call only certain destinations does not go on with a chain, which may call others")]
    public async Task Restricted_token_goes_on_with_no_chain()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var chain = ActionDesk.ChainOf(await desk.PressAsync(await desk.ButtonAsync(new { label = "A", fn = "toggleMic" })));
        var token = await desk.Domain.TokenAsync(new { user = "101", destinations = new[] { "echo" } });

        var answer = await desk.Domain.SendAsync(HttpMethod.Post, $"/api/chains/{chain}/ack", new { action = 1, result = "ok" }, token);

        answer.IsProblem(HttpStatusCode.Forbidden, "token-restricted");
        Assert.Equal(HttpStatusCode.OK, (await desk.AcknowledgeAsync(chain, 1)).Status);
    }

    [Fact(DisplayName = "B1, C7: a chain makes no call once its token has expired, and is told again of the one that it made before")]
    public async Task Expired_token_makes_no_call()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var calls = app.Services.GetRequiredService<ScriptCalls>();
        var now = app.Clock.GetUtcNow();
        ScriptCaller Caller(string key, DateTimeOffset expires) => new(desk.Domain.Name, "101", "chain", key, new ChainToken($"t-{desk.Domain.Name}", 5, expires));

        var made = await calls.MakeAsync(Caller("before", now.AddHours(1)), ["echo"], CancellationToken.None);
        var again = await calls.MakeAsync(Caller("before", now.AddSeconds(-1)), ["echo"], CancellationToken.None);
        var late = await Assert.ThrowsAsync<ScriptRequestException>(() => calls.MakeAsync(Caller("after", now.AddSeconds(-1)), ["echo"], CancellationToken.None));

        Assert.Equal(made!.ToJsonString(), again!.ToJsonString());
        Assert.Equal("token-expired", late.Reason);
        Assert.Equal(1, desk.Domain.DialledAtWorker);
    }

    [Theory(DisplayName = "B1, C7: a token that went on with a chain of an API key pays for its calls and does not end with them; a chain of a token ends with it")]
    [InlineData(true, "made", "token-spent")]
    [InlineData(false, "token-expired", "token-expired")]
    public async Task Chain_of_a_key_outlives_the_token_of_a_page(bool isOfKey, string first, string second)
    {
        var desk = ActionDesk.Of(app);
        var form = await desk.FormAsync("Ask", await desk.ScriptAsync(CallingTwice));
        var button = await desk.ButtonAsync(new { label = "Ask", form_id = form });
        var chain = ActionDesk.ChainOf(isOfKey ? await desk.PressAsync(button) : await PressAsync(desk, button, await desk.Domain.TokenAsync()));
        // Good when it was shown, and over when the script calls.
        var word = new ClientWord(true, "{}", new ChainToken($"over-{chain}", 1, app.Clock.GetUtcNow().AddSeconds(-1)));

        await app.Services.GetRequiredService<DurableTaskClient>().RaiseEventAsync(chain, ClientWord.EventOf(1), word);

        JsonElement shown = default;
        await desk.StepAsync(chain, step => step.TryGetProperty("shown", out shown));
        Assert.Equal([first, second], shown.GetProperty("calls").EnumerateArray().Select(call => call.GetString()));
        Assert.Equal(isOfKey ? 1 : 0, desk.Domain.DialledAtWorker);
    }

    private static async Task<string> CallingButtonAsync(ActionDesk desk) =>
        await desk.ButtonAsync(new { label = "Call", sandbox_id = await desk.ScriptAsync(Calling), supersedes = true });

    private static Task<Answer> PressAsync(ActionDesk desk, string button, string token, string from = "203.0.113.7") =>
        desk.Domain.SendAsync(HttpMethod.Post, $"/api/softphone/button/{button}", new { }, token, r => r.Headers.Add("X-Forwarded-For", from));

    private static string? Id(Answer answer) => Text(answer, "id");

    private static string? Refused(Answer answer) => Text(answer, "refused");

    private static string? Text(Answer answer, string name)
    {
        Assert.True(answer.Json.TryGetProperty(name, out var value), answer.Body);
        return value.GetString();
    }
}
