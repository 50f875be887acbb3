using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.App.Tests.Actions.Kills;

/// <summary>
/// Rows C9 and D3: the functions are killed (SIGKILL) again and again, at random requests to storage, script runner and worker, while
/// agents work through chains of scripts, forms, calls and campaign entries.
/// </summary>
public sealed class ChainKillTests
{
    private const string Script = """
        export async function main(data, ctx) {
          const n = await kv.incr('steps-' + ctx.user);
          if (n === 1) { const { id } = await calls.make('echo'); await kv.set('call-' + ctx.user, id); }
          if (n < 4) return { n, __: { action: { name: 'openForm', params: ['Lead'] }, formData: { first_name: 'Ann' + n } } };
          return { n, call: await kv.get('call-' + ctx.user), __: { action: { name: 'next' } } };
        }
        """;

    private static readonly int Chains = Setting("CHAIN_KILL_CHAINS", 12);
    private static readonly int Lives = Setting("CHAIN_KILL_LIVES", 4);
    private static readonly int Seed = Setting("CHAIN_KILL_SEED", 4711);

    /// <summary>In requests and answers of requests. A chain is some 150 of them.</summary>
    private const int LongestLife = 400;

    [Fact(DisplayName = "C9, D3: however often the host is killed, every chain ends as without kills and nothing is done twice")]
    public async Task Chains_end_as_without_kills()
    {
        AzuriteFixture.SkipIfMissing();
        Assert.SkipWhen(ScriptRunnerPeer.Missing is not null, ScriptRunnerPeer.Missing ?? "");
        // The last agent comes when nobody dies any more, and shows how a chain ends.
        await using var app = await KillableApp.PrepareAsync(Chains + 1);
        await app.LiveAsync(moment: 0);
        await app.UpAsync();
        var (button, form) = await BuildAsync(app);

        var random = new Random(Seed);
        using var slots = new SemaphoreSlim(24);
        var working = Enumerable.Range(1, Chains).Select(i => WorkAsync(new ToughAgent(app, $"a{i}"))).ToArray();
        var kills = await KillAsync(app, random, Task.WhenAll(working));
        var expected = await new ToughAgent(app, $"a{Chains + 1}").WorkAsync(button, form);

        Assert.Equal("openForm ok, openForm ok, openForm ok, next ok: done", expected);
        Assert.All(await Task.WhenAll(working), ended => Assert.Equal(expected, ended));
        await AssertDoneOnceAsync(app);
        Assert.True(kills >= Math.Min(Lives, 2), $"It was killed {kills} times.");
        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {Chains} chains, {app.Worker.Commands.Count - app.Worker.Dialled.Count} commands came again.");

        async Task<string> WorkAsync(ToughAgent agent)
        {
            await slots.WaitAsync();
            try
            {
                return await agent.WorkAsync(button, form);
            }
            finally
            {
                slots.Release();
            }
        }
    }

    /// <summary>Lives that end by a kill, then one that does not.</summary>
    private static async Task<int> KillAsync(KillableApp app, Random random, Task work)
    {
        var kills = 0;
        await app.StopAsync();
        for (var life = 0; life < Lives && !work.IsCompleted; life++)
        {
            var end = await app.LiveAsync(random.Next(1, LongestLife));
            if (await Task.WhenAny(end, work) == end && await end) kills++;
            else await app.StopAsync();
        }
        await app.LiveAsync(moment: 0);
        await work.WaitAsync(TimeSpan.FromMinutes(10));
        return kills;
    }

    private static async Task AssertDoneOnceAsync(KillableApp app)
    {
        // Each agent's script made its one call, whatever became of the process that asked for it.
        Assert.Equal(
            Enumerable.Range(1, Chains + 1).Select(i => $"a{i}").Order(StringComparer.Ordinal),
            app.Worker.Dialled.Snapshot().Select(d => d.Command.User).Order(StringComparer.Ordinal));
        // Every script counted to four, and every agent has a campaign entry of its own.
        var values = await app.RowsAsync("ScriptValues", "RowKey ge 'k|' and RowKey lt 'k~'");
        Assert.Equal(2 * (Chains + 1), values.Count);
        Assert.Equal(Chains + 1, values.Count(v => v.GetString("Json") == "4"));
        var entries = await app.RowsAsync("CampaignEntries", "RowKey ge 'q' and RowKey lt 'v'");
        Assert.DoesNotContain(entries, e => e.RowKey.StartsWith('q'));
        Assert.Equal(
            Enumerable.Range(0, Chains + 1),
            entries.Select(e => JsonElement.Parse(e.GetString("Json")).GetProperty("n").GetInt32()).Order());
        Assert.Empty(await app.RowsAsync("AgentChains", ""));
    }

    private static async Task<(string Button, string Form)> BuildAsync(KillableApp app)
    {
        var script = await MakeAsync(app, "scripts", new { name = "count", source = Script });
        var form = await MakeAsync(app, "forms", new { name = "Lead", sandbox_id = script, formSchema = new[] { new { type = "input", name = "first_name" } } });
        var button = await MakeAsync(app, "buttons", new { label = "Go", sandbox_id = script });
        foreach (var some in Enumerable.Range(0, Chains + 1).Select(n => new { n }).Chunk(50))
            Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(app, "/api/campaign/entries", new { entries = some })).Status);
        return (button, form);
    }

    private static async Task<string> MakeAsync(KillableApp app, string kind, object body)
    {
        var answer = await PostAsync(app, $"/api/{kind}", body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
        return answer.Json.GetProperty("id").GetString()!;
    }

    private static async Task<Answer> PostAsync(KillableApp app, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", KillableApp.AdminKey);
        return await Answer.ReadAsync(await app.Client.SendAsync(request));
    }

    /// <summary>For longer runs by hand.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
