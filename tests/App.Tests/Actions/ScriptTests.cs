using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Row C7: what scripts may ask for, and what they are told.</summary>
public sealed class ScriptTests(AppRig app)
{
    [Fact(DisplayName = "C7: values are kept, counted, listed, deleted and expire")]
    public async Task Values_are_kept()
    {
        var answer = await RunAsync("""
            async function main() {
              await kv.set('a', { x: [1, 'é'] });
              await kv.set('gone', 1, 1000);
              const was = await kv.delete('gone');
              const sums = await Promise.all([kv.incr('n'), kv.incr('n', 4), kv.incr('n', -2)]);
              return { a: await kv.get('a'), none: await kv.get('none'), was, sum: await kv.get('n'), count: sums.length, keys: await kv.keys('') };
            }
            """);
        Assert.Equal("""{"a":{"x":[1,"é"]},"none":null,"was":true,"sum":3,"count":3,"keys":["a","n"]""", Plain(answer));
    }

    [Fact(DisplayName = "C7: a secret is readable by scripts alone")]
    public async Task Secret_is_readable_by_scripts_alone()
    {
        var desk = ActionDesk.Of(app);
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Domain.AdminAsync(HttpMethod.Put, "/api/script-secrets/crm", new { value = "s3cret" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.Domain.AdminAsync(HttpMethod.Get, "/api/script-secrets/crm")).Status);
        const string Source = "async function main() { return { length: (await secrets.get('crm'))?.length ?? null }; }";
        Assert.Equal("{\"length\":6", Plain(await RunAsync(Source, desk)));
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Domain.AdminAsync(HttpMethod.Delete, "/api/script-secrets/crm")).Status);
        Assert.Equal("{\"length\":null", Plain(await RunAsync(Source, desk)));
        Assert.DoesNotContain(app.Logs.Snapshot(), l => l.Text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "C7: a call that a script makes is dialled once, and is the agent's")]
    public async Task Call_is_made_once()
    {
        var desk = ActionDesk.Of(app);
        var answer = await RunAsync("""
            async function main() {
              const { id } = await calls.make('echo', { ringTimeoutSeconds: 20 });
              await kv.incr('after');
              const list = await calls.list({ limit: 5 });
              await calls.end(id);
              let refused; try { await calls.make('nobody'); } catch (e) { refused = e.reason; }
              return { same: list[0].id === id, user: list[0].user, refused };
            }
            """, desk);
        Assert.Equal("{\"same\":true,\"user\":\"101\",\"refused\":\"destination-invalid\"", Plain(answer));
        Assert.Equal(1, desk.Domain.DialledAtWorker);
    }

    [Fact(DisplayName = "C7: a thrown status is the answer's; faults come with their line; nothing is fetched without leave")]
    public async Task Faults_are_told()
    {
        var thrown = await RunAsync("function main() { throw new Error('404 Not found'); }");
        thrown.IsProblem(HttpStatusCode.NotFound, "script-failed");
        Assert.Equal("Not found", thrown.Json.GetProperty("detail").GetString());
        Assert.Equal("{\"reason\":\"http-not-allowed\"", Plain(await RunAsync("async function main() { try { await http.fetch('http://127.0.0.1/'); } catch (e) { return { reason: e.reason }; } }")));
        (await RunAsync("function main() { return { __: { action: { name: 'dance' } } }; }")).IsProblem(HttpStatusCode.UnprocessableEntity, "script-failed");
        (await RunAsync("function main() { for (;;); }")).IsProblem(HttpStatusCode.UnprocessableEntity, "script-failed");
    }

    [Fact(DisplayName = "C7: a script that cannot be read is refused when it is saved, with its line")]
    public async Task Unreadable_script_is_refused()
    {
        var desk = ActionDesk.Of(app);
        var saved = await desk.Domain.AdminAsync(HttpMethod.Post, "/api/scripts", new { name = "s", source = "function main() {\n  return (;\n}" });
        saved.IsProblem(HttpStatusCode.UnprocessableEntity, "script-invalid", "source");
        Assert.Contains("line 2", saved.Json.GetProperty("detail").GetString());
        var check = await desk.Domain.AdminAsync(HttpMethod.Post, "/api/scripts/validate", new { source = "export function main() {} export function other() {}" });
        Assert.Equal(["main", "other"], check.Json.GetProperty("entries").EnumerateArray().Select(e => e.GetString()!).Order());
    }

    private async Task<Answer> RunAsync(string source, ActionDesk? desk = null)
    {
        desk ??= ActionDesk.Of(app);
        return await desk.PressAsync(await desk.ButtonAsync(new { label = "Run", sandbox_id = await desk.ScriptAsync(source) }));
    }

    // Without the control block, which is last.
    private static string Plain(Answer answer) => System.Text.RegularExpressions.Regex.Unescape(answer.Body[..Math.Max(0, answer.Body.IndexOf(",\"__\"", StringComparison.Ordinal))]);
}
