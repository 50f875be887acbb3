using System.Net;
using System.Text.Json;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Rows C8 and C9: actions about calls, by the client or through the worker, and chains that wait for a call.</summary>
public sealed class CallActionTests(AppRig app)
{
    private const string Waiting = """
        export function main() { return { __: { action: { name: 'makeCall', params: ['alt_phone'] }, after: { event: 'answered', fn: 'talk' } } }; }
        export function talk(data) { return { heard: data.event, state: data.call.state, __: { after: { event: 'ended', fn: 'bye', call: data.call.id } } }; }
        export function bye(data) { return { heard: data.event, state: data.call.state, result: data.call.result }; }
        """;

    [Fact(DisplayName = "C8: with a device for a phone, the server answers, mutes, lets be heard and ends the agent's call through the worker")]
    public async Task Device_is_commanded_through_the_worker()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var call = await desk.Domain.PlaceAsync();

        Assert.Equal(call.Value, await DoneAsync(desk, "answerCall()"));
        app.Worker.Change(call, c => c with { State = CallState.Connected, Legs = [new LegSummary("u1", LegRole.User, AnsweredAt: app.Clock.GetUtcNow())], Talk = new TalkDetails([], [], []) });
        await DoneAsync(desk, "toggleMic");
        app.Worker.Change(call, c => c with { Talk = c.Talk! with { Muted = ["u1"] } });
        await DoneAsync(desk, "toggleMic");
        await DoneAsync(desk, "endCall");

        Assert.Equal(["answer", "mute", "unmute"], app.Worker.Orders.Snapshot().Where(o => o.Id == call).Select(o => o.Verb));
        Assert.Contains(call, app.Worker.HungUp.Snapshot());
        app.Worker.End(call, new CallOutcome(CallResult.Answered, CallReasons.UserHungUp));
        (await desk.PressAsync(await desk.ButtonAsync(new { label = "E", fn = "endCall" }), new { user = "101", phone = "remote" })).IsProblem(HttpStatusCode.UnprocessableEntity, "chain-failed");
    }

    [Fact(DisplayName = "C8: with the browser for a phone, the client does it and the worker hears nothing")]
    public async Task Browser_does_it_itself()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var call = await desk.Domain.PlaceAsync();
        var pressed = await desk.PressAsync(await desk.ButtonAsync(new { label = "A", fn = "answerCall" }), new { user = "101", phone = "browser" });
        Assert.Equal("ack", (await desk.ChainAsync(ActionDesk.ChainOf(pressed))).Json.GetProperty("waitsFor").GetString());
        Assert.DoesNotContain(app.Worker.Orders.Snapshot(), o => o.Id == call);
        (await desk.PressAsync("x", new { user = "101", phone = "fax" })).IsProblem(HttpStatusCode.NotFound, "button-unknown");
    }

    [Fact(DisplayName = "C8: a command that is repeated after a crash is carried out once, and a call is made once")]
    public async Task Repeat_is_carried_out_once()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var call = await desk.Domain.PlaceAsync();
        var commands = app.Services.GetRequiredService<CallCommands>();
        var mute = new CallWork(desk.Domain.Name, "101", "c1", $"{call.Value}-1", ActionName.ToggleMic, call.Value, "mute");
        var make = new CallWork(desk.Domain.Name, "101", "c1", $"{call.Value}-2", ActionName.MakeCall, Dial: "echo");

        for (var i = 0; i < 2; i++) Assert.Null((await commands.DoAsync(mute, CancellationToken.None)).Fault);
        var made = await commands.DoAsync(make, CancellationToken.None);
        Assert.Equal(made, await commands.DoAsync(make, CancellationToken.None));

        Assert.Single(app.Worker.Orders.Snapshot(), o => o.Id == call);
        Assert.Equal(2, desk.Domain.DialledAtWorker);
    }

    [Fact(DisplayName = "C9: a chain makes a call through the worker and goes on when it is answered, and when it has ended")]
    public async Task Chain_goes_on_with_its_call()
    {
        var desk = ActionDesk.Of(app);
        var pressed = await desk.PressAsync(await WaitingButtonAsync(desk), new { user = "101", phone = "remote" });
        var chain = ActionDesk.ChainOf(pressed);
        var call = CallId.Parse(ActionDesk.Block(pressed).GetProperty("call").GetString()!);
        await desk.StepAsync(chain, s => WaitsFor(s) == "call");
        var waiting = (await desk.ChainAsync(chain)).Json;
        Assert.Equal(("answered", call.Value), (waiting.GetProperty("current").GetProperty("event").GetString(), waiting.GetProperty("current").GetProperty("call").GetString()));
        (await desk.AcknowledgeAsync(chain, waiting.GetProperty("current").GetProperty("number").GetInt32())).IsProblem(HttpStatusCode.Conflict, "chain-not-waiting");

        await desk.Domain.TellAsync(desk.Domain.Event(call, 1, CallEventType.CallStarted));
        await desk.Domain.TellAsync(desk.Domain.Event(call, 2, CallEventType.CallConnected));
        await desk.StepAsync(chain, s => WaitsFor(s) == "call" && s.GetProperty("event").GetString() == "ended");
        await desk.Domain.TellAsync(desk.Domain.Ended(call, 3));

        Assert.Equal("done", (await desk.EndedAsync(chain)).GetProperty("reason").GetString());
        var shown = await ShownAsync(desk, chain);
        Assert.Equal(["answered connected", "ended ended answered"], shown);
    }

    [Fact(DisplayName = "C9: a client's call is waited for as well; one that ended before anybody waited, or unanswered, is not waited for in vain")]
    public async Task Call_that_has_ended_is_not_waited_for()
    {
        var desk = ActionDesk.Of(app);
        var chain = ActionDesk.ChainOf(await desk.PressAsync(await WaitingButtonAsync(desk)));
        var call = await desk.Domain.PlaceAsync();
        await desk.Domain.TellAsync(desk.Domain.Event(call, 1, CallEventType.CallStarted));
        await desk.Domain.TellAsync(desk.Domain.Event(call, 2, CallEventType.CallEnded) with { Outcome = new CallOutcome(CallResult.Busy, CallReasons.DestinationBusy) });
        await desk.Domain.UntilAsync(call, c => c.GetProperty("state").GetString() == "ended", "the end");

        await desk.Domain.SendAsync(HttpMethod.Post, $"/api/chains/{chain}/ack", new { action = 1, result = "ok", data = new { call = call.Value } });

        Assert.Equal("done", (await desk.EndedAsync(chain)).GetProperty("reason").GetString());
        Assert.Equal(["ended ended", "ended ended busy"], await ShownAsync(desk, chain));

        // Nobody says which call: there is nothing to wait for.
        var other = ActionDesk.ChainOf(await desk.PressAsync(await WaitingButtonAsync(desk)));
        await desk.AcknowledgeAsync(other, 1);
        Assert.Equal("action-failed", (await desk.EndedAsync(other)).GetProperty("reason").GetString());
    }

    [Fact(DisplayName = "C9: what a script prints is kept for its author; text to evaluate reaches the web phone alone, where the domain wants it")]
    public async Task Console_and_eval_reach_whom_they_are_for()
    {
        var desk = ActionDesk.Of(app);
        var script = await desk.ScriptAsync("function main() { console.log('hello', { a: 1 }); console.error('oh'); return { __: { eval: 'alert(1)', action: { name: 'toggleMic' } } }; }");
        var button = await desk.ButtonAsync(new { label = "E", sandbox_id = script, supersedes = true });
        var token = await desk.Domain.TokenAsync();
        Task<Answer> PhoneAsync() => desk.Domain.SendAsync(HttpMethod.Post, $"/api/softphone/button/{button}", new { }, token);

        Assert.DoesNotContain("alert", (await PhoneAsync()).Body);
        await desk.Domain.AdminAsync(HttpMethod.Put, "/api/script-settings", new { eval = true });
        var phone = await PhoneAsync();
        Assert.Equal("alert(1)", ActionDesk.Block(phone).GetProperty("eval").GetString());
        var chain = ActionDesk.ChainOf(phone);
        Assert.Contains("alert", (await desk.Domain.GetAsync($"/api/chains/{chain}", token)).Body);
        Assert.DoesNotContain("alert", (await desk.ChainAsync(chain)).Body);

        var console = await desk.Domain.AdminAsync(HttpMethod.Get, $"/api/chains/{chain}/console");
        Assert.Equal("""{"lines":[{"level":"info","text":"hello {\u0022a\u0022:1}"},{"level":"error","text":"oh"}]}""", console.Body);
        (await desk.Domain.GetAsync($"/api/chains/{chain}/console")).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        var failing = await desk.ScriptAsync("function main() { console.log('before'); throw new Error('x'); }");
        var failed = await desk.PressAsync(await desk.ButtonAsync(new { label = "F", sandbox_id = failing, supersedes = true }));
        failed.IsProblem(HttpStatusCode.UnprocessableEntity, "script-failed");
    }

    /// <summary>Presses a button with the action, which is done at once by the server.</summary>
    private static async Task<string?> DoneAsync(ActionDesk desk, string action)
    {
        var pressed = await desk.PressAsync(await desk.ButtonAsync(new { label = action, fn = action }), new { user = "101", phone = "remote" });
        var block = ActionDesk.Block(pressed);
        Assert.Equal("server", block.GetProperty("by").GetString());
        Assert.Equal("done", (await desk.EndedAsync(ActionDesk.ChainOf(pressed))).GetProperty("reason").GetString());
        return block.GetProperty("call").GetString();
    }

    private static async Task<string> WaitingButtonAsync(ActionDesk desk)
    {
        await desk.Domain.AdminAsync(HttpMethod.Post, "/api/campaign/entries", new { entries = new[] { new { alt_phone = "echo" } } });
        var next = await desk.PressAsync(await desk.ButtonAsync(new { label = "N", fn = "next()" }));
        await desk.AcknowledgeAsync(ActionDesk.ChainOf(next), 1);
        return await desk.ButtonAsync(new { label = "W", sandbox_id = await desk.ScriptAsync(Waiting) });
    }

    private static string? WaitsFor(JsonElement chain) => chain.TryGetProperty("waitsFor", out var waits) ? waits.GetString() : null;

    /// <summary>What the script's two later functions gave, from the event stream.</summary>
    private static async Task<IReadOnlyList<string>> ShownAsync(ActionDesk desk, string chain)
    {
        var stream = await desk.Domain.GetAsync($"/api/chains/{chain}/events");
        return
        [
            .. stream.Body.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonElement.Parse(l["data: ".Length..]))
                .Where(s => s.TryGetProperty("shown", out _)).Select(s => string.Join(' ', s.GetProperty("shown").EnumerateObject().Select(p => p.Value.GetString()).OfType<string>())),
        ];
    }
}
