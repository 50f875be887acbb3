using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Rows C5 to C9: from the press of a button to the end of its chain, over HTTP, with the real engine and the real script runner.</summary>
public sealed class ChainTests(AppRig app)
{
    private const string Counting = """
        export async function main(data, ctx) {
          const n = await kv.incr('steps');
          if (n < LAST) return { n, __: { action: { name: 'openForm', params: ['lead'] }, formData: { first_name: 'Ann' + n } } };
          return { n };
        }
        """;

    [Fact(DisplayName = "C8: a button with an action starts a chain, the client acknowledges, the chain ends")]
    public async Task Button_with_an_action_is_one_step()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var button = await desk.ButtonAsync(new { label = "Home", fn = "REDIRECT('/home', true)", placement = "agent" });
        var pressed = await desk.PressAsync(button);
        var chain = ActionDesk.ChainOf(pressed);
        Assert.Equal("redirect /home true", ActionDesk.ActionOf(pressed));
        Assert.Equal("ack", (await desk.ChainAsync(chain)).Json.GetProperty("waitsFor").GetString());

        var after = await desk.AcknowledgeAsync(chain, 1);

        Assert.Equal(("ended", "done"), (after.Json.GetProperty("state").GetString(), after.Json.GetProperty("end").GetProperty("reason").GetString()));
        Assert.Equal("ok", after.Json.GetProperty("history")[0].GetProperty("result").GetString());
        Assert.Equal(HttpStatusCode.OK, (await desk.AcknowledgeAsync(chain, 1)).Status);
        (await desk.AcknowledgeAsync(chain, 2)).IsProblem(HttpStatusCode.Conflict, "chain-not-waiting");
    }

    [Theory(DisplayName = "C8: chains of many steps end to end")]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Chain_of_forms_and_scripts_goes_on_until_its_script_says_nothing_more(int steps)
    {
        var desk = ActionDesk.Of(app);
        var script = await desk.ScriptAsync(Counting.Replace("LAST", steps.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var form = await desk.FormAsync("Lead", script);
        var answer = await desk.PressAsync(await desk.ButtonAsync(new { label = "Go", sandbox_id = script }));
        var chain = ActionDesk.ChainOf(answer);
        for (var n = 1; n < steps; n++)
        {
            Assert.Equal(chain, ActionDesk.ChainOf(answer));
            Assert.True(answer.Json.TryGetProperty("n", out _), answer.Body);
            Assert.Equal((n, "openForm lead"), (answer.Json.GetProperty("n").GetInt32(), ActionDesk.ActionOf(answer)));
            Assert.Equal("Ann" + n, ActionDesk.Block(answer).GetProperty("formData").GetProperty("first_name").GetString());
            answer = await desk.SubmitAsync(form, new { first_name = "Eve" });
        }
        Assert.Equal(steps, answer.Json.GetProperty("n").GetInt32());
        Assert.Equal("done", (await desk.EndedAsync(chain)).GetProperty("reason").GetString());
    }

    [Fact(DisplayName = "C8: a chain that never ends is bounded and says so")]
    public async Task Chain_is_bounded()
    {
        var desk = ActionDesk.Of(app);
        var script = await desk.ScriptAsync(Counting.Replace("LAST", "1000"));
        var form = await desk.FormAsync("Lead", script);
        var answer = await desk.PressAsync(await desk.ButtonAsync(new { label = "Go", sandbox_id = script }));
        var chain = ActionDesk.ChainOf(answer);
        for (var n = 1; n < 50; n++) answer = await desk.SubmitAsync(form, new { first_name = "Eve" });
        Assert.Equal(50, answer.Json.GetProperty("n").GetInt32());
        (await desk.SubmitAsync(form, new { })).IsProblem(HttpStatusCode.UnprocessableEntity, "chain-failed");
        Assert.Equal("too-many-steps", (await desk.EndedAsync(chain)).GetProperty("reason").GetString());
    }

    [Theory(DisplayName = "C9: what a button does first, over HTTP")]
    [InlineData("save(yes)", true, true, "save Yes", false)]
    [InlineData("openForm('Other')", true, true, "openForm", true)]
    [InlineData("openForm('Lead')", true, false, "openForm Lead", true)]
    [InlineData(null, true, true, "openForm", true)]
    [InlineData("other", true, false, null, true)]
    [InlineData(null, true, false, null, true)]
    public async Task Precedence_holds(string? fn, bool hasScript, bool hasForm, string? action, bool runsScript)
    {
        var desk = ActionDesk.Of(app);
        var script = await desk.ScriptAsync("async function main() { await kv.set('ran', 'main'); return {}; } async function other() { await kv.set('ran', 'other'); return { of: 'other' }; }");
        var form = await desk.FormAsync("Lead");
        var button = await desk.ButtonAsync(new { label = "B", fn, sandbox_id = hasScript ? script : null, form_id = hasForm ? form : null });
        var pressed = await desk.PressAsync(button);
        Assert.Equal(action, ActionDesk.ActionOf(pressed));
        var reader = await desk.ScriptAsync("async function main() { return { ran: await kv.get('ran') }; }");
        var read = await desk.PressAsync(await desk.ButtonAsync(new { label = "R", sandbox_id = reader, supersedes = true }));
        Assert.Equal(runsScript ? fn == "other" ? "other" : "main" : null, read.Json.GetProperty("ran").GetString());
    }

    [Fact(DisplayName = "C9: a script patches the form that is about to open, and what is sent is held against it")]
    public async Task Form_is_patched_and_checked()
    {
        var desk = ActionDesk.Of(app);
        var script = await desk.ScriptAsync("export function main(data) { return { __: { formSchema: [{ name: 'first_name', required: true }, { name: 'age', type: 'number', max: 99 }] } }; }");
        var after = await desk.ScriptAsync("export function main(data) { return { got: data }; }");
        var form = await desk.FormAsync("Lead", after);
        var pressed = await desk.PressAsync(await desk.ButtonAsync(new { label = "B", sandbox_id = script, form_id = form }));
        Assert.Equal(2, ActionDesk.Block(pressed).GetProperty("formSchema").GetArrayLength());

        (await desk.SubmitAsync(form, new { age = 5 })).IsProblem(HttpStatusCode.UnprocessableEntity, "form-data-invalid", "first_name");
        (await desk.SubmitAsync(form, new { first_name = "A", age = 100 })).IsProblem(HttpStatusCode.UnprocessableEntity, "form-data-invalid", "age");
        var sent = await desk.SubmitAsync(form, new { first_name = "A", age = 99 });

        Assert.Equal("A", sent.Json.GetProperty("got").GetProperty("first_name").GetString());
        (await desk.SubmitAsync(form, new { first_name = "A" })).IsProblem(HttpStatusCode.Conflict, "form-needs-chain");
    }

    [Fact(DisplayName = "C8: one chain per agent; a second press is refused, or supersedes")]
    public async Task Agent_is_in_one_chain()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var button = await desk.ButtonAsync(new { label = "A", fn = "toggleMic" });
        var first = ActionDesk.ChainOf(await desk.PressAsync(button));
        var refused = await desk.PressAsync(button);
        refused.IsProblem(HttpStatusCode.Conflict, "chain-running");
        Assert.Equal(first, refused.Json.GetProperty("detail").GetString());
        ActionDesk.ChainOf(await desk.PressAsync(button, new { user = "102" }));

        var second = ActionDesk.ChainOf(await desk.PressAsync(await desk.ButtonAsync(new { label = "B", fn = "endCall()", supersedes = true })));

        Assert.Equal("superseded", (await desk.EndedAsync(first)).GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Domain.DeleteAsync($"/api/chains/{second}")).Status);
        Assert.Equal("stopped", (await desk.EndedAsync(second)).GetProperty("reason").GetString());
        var token = await desk.Domain.TokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await desk.Domain.SendAsync(HttpMethod.Post, $"/api/softphone/button/{button}", new { }, token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.Domain.GetAsync($"/api/chains/{first}", await desk.Domain.TokenAsync(new { user = "102" }))).Status);
    }

    [Fact]
    public async Task Selection_and_refusal_are_heeded()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var button = await desk.ButtonAsync(new { label = "A", fn = "answerCall", min_select = 1, max_select = 2 });
        (await desk.PressAsync(button)).IsProblem(HttpStatusCode.BadRequest, "selection-invalid", "selected");
        (await desk.PressAsync(button, new { user = "101", selected = new[] { 1, 2, 3 } })).IsProblem(HttpStatusCode.BadRequest, "selection-invalid", "selected");
        var chain = ActionDesk.ChainOf(await desk.PressAsync(button, new { user = "101", selected = new[] { 1, 2 } }));
        var refused = await desk.AcknowledgeAsync(chain, 1, "refused");
        Assert.Equal("refused-by-client", refused.Json.GetProperty("end").GetProperty("reason").GetString());
    }

    [Fact(DisplayName = "C8: campaign entries are taken, dialled and decided on")]
    public async Task Entry_is_taken_dialled_and_decided_on()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        await desk.Domain.AdminAsync(HttpMethod.Post, "/api/campaign/entries", new { entries = new[] { new { alt_phone = "+4930111", phone_code = "+4930222" } } });
        var next = await desk.PressAsync(await desk.ButtonAsync(new { label = "N", fn = "next()" }));
        Assert.Equal("+4930111", ActionDesk.Block(next).GetProperty("entry").GetProperty("alt_phone").GetString());
        await desk.AcknowledgeAsync(ActionDesk.ChainOf(next), 1);
        var make = await desk.PressAsync(await desk.ButtonAsync(new { label = "M", fn = "makeCall(PHONE_CODE)" }));
        Assert.Equal("+4930222", ActionDesk.Block(make).GetProperty("dial").GetString());
        await desk.AcknowledgeAsync(ActionDesk.ChainOf(make), 1);
        var save = await desk.PressAsync(await desk.ButtonAsync(new { label = "S", fn = "save('no')" }));
        Assert.Equal("save No", ActionDesk.ActionOf(save));
    }

    [Fact(DisplayName = "C8: the event stream tells each action and the end, and goes on behind Last-Event-ID")]
    public async Task Stream_tells_each_action_and_the_end()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var chain = ActionDesk.ChainOf(await desk.PressAsync(await desk.ButtonAsync(new { label = "A", fn = "toggleMic" })));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chains/{chain}/events");
        request.Headers.Add("X-Api-Key", desk.Domain.Key);
        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("id: 1", await reader.ReadLineAsync());
        Assert.Equal("event: action", await reader.ReadLineAsync());
        await desk.AcknowledgeAsync(chain, 1);
        Assert.Contains("event: end\ndata: {\"reason\":\"done\"}", await reader.ReadToEndAsync());

        var again = await desk.Domain.SendAsync(HttpMethod.Get, $"/api/chains/{chain}/events", with: r => r.Headers.Add("Last-Event-ID", "1"));
        Assert.DoesNotContain("event: action", again.Body);
        Assert.Contains("event: end", again.Body);
    }
}
