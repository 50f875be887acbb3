using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Tests.Support;
using ClickToDial.EmbeddedHost.Durable.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Row C9: silent clients, a script runner that is away, and what is left of chains after a while. Breaks things, so it has an app of its own.</summary>
public sealed class ChainOutageTests : IAsyncLifetime
{
    private readonly AppRig _app = new() { Domains = 6, ChainWaitSeconds = 5, MovesClock = true };

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact(DisplayName = "C9: a client that says nothing for too long ends the chain, and the agent is free")]
    public async Task Silent_client_ends_the_chain()
    {
        var desk = ActionDesk.Of(_app, needsScripts: false);
        var button = await desk.ButtonAsync(new { label = "A", fn = "toggleMic" });
        var chain = ActionDesk.ChainOf(await desk.PressAsync(button));
        Assert.Equal("client-silent", (await desk.EndedAsync(chain)).GetProperty("reason").GetString());
        Assert.Equal("silent", (await desk.ChainAsync(chain)).Json.GetProperty("history")[0].GetProperty("result").GetString());
        // Too late to count, and no fault of the client's.
        Assert.Equal(HttpStatusCode.OK, (await desk.AcknowledgeAsync(chain, 1)).Status);
        ActionDesk.ChainOf(await desk.PressAsync(button));
    }

    [Fact(DisplayName = "C7: a script runner that comes back in time is waited for; one that does not fails the chain")]
    public async Task Runner_may_be_away_for_a_while()
    {
        var desk = ActionDesk.Of(_app);
        var button = await desk.ButtonAsync(new { label = "S", sandbox_id = await desk.ScriptAsync("async function main() { return { n: await kv.incr('n') }; }") });
        await _app.Scripts!.KillAsync();
        var waiting = desk.PressAsync(button);
        await _app.Logs.WaitAsync(l => l.Id == 1101, "the runner was missed");
        await _app.Scripts.StartAgainAsync();
        Assert.Equal(1, (await waiting).Json.GetProperty("n").GetInt32());

        await _app.Scripts.KillAsync();
        var failed = await desk.PressAsync(button);
        failed.IsProblem(HttpStatusCode.UnprocessableEntity, "chain-failed");
        Assert.Equal("RunScript failed.", failed.Json.GetProperty("detail").GetString());
        (await desk.Domain.AdminAsync(HttpMethod.Post, "/api/scripts/validate", new { source = "1" })).IsProblem(HttpStatusCode.ServiceUnavailable, "script-runner-unavailable");
        var health = (await desk.Domain.GetAsync("/healthz")).Json;
        Assert.Equal(("degraded", "down"), (health.GetProperty("status").GetString(), health.GetProperty("dependencies").GetProperty("scripts").GetString()));
        await _app.Scripts.StartAgainAsync();
        Assert.Equal(2, (await desk.PressAsync(button)).Json.GetProperty("n").GetInt32());
    }

    [Fact(DisplayName = "C9: steps are counted by their kind, and ends by their reason")]
    public async Task Steps_and_ends_are_counted()
    {
        var desk = ActionDesk.Of(_app);
        var (factory, counted) = (_app.Services.GetRequiredService<IMeterFactory>(), new ConcurrentDictionary<string, bool>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name.StartsWith("clicktodial.chains.", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted[$"{instrument.Name[19..]} {tags[0].Key} {tags[0].Value}"] = true);
        listener.Start();
        var form = await desk.FormAsync("Lead");
        var script = await desk.ScriptAsync("async function main() { await kv.incr('n'); return { __: { action: { name: 'openForm', params: ['Lead'] } } }; }");

        var chain = ActionDesk.ChainOf(await desk.PressAsync(await desk.ButtonAsync(new { label = "S", sandbox_id = script })));
        await desk.SubmitAsync(form, new { first_name = "Eve" });

        await _app.Services.GetRequiredService<DurableTaskClient>().WaitForInstanceCompletionAsync(chain);
        Assert.Equal(["ended reason done", "steps kind end", "steps kind form", "steps kind request", "steps kind script"], counted.Keys.Order(StringComparer.Ordinal));
    }

    [Fact(DisplayName = "C9: old chains go with all that was kept of them, so many in a run; those that run and those that are young stay")]
    public async Task Old_chains_are_purged()
    {
        var desk = ActionDesk.Of(_app);
        var (domain, client) = (desk.Domain.Name, _app.Services.GetRequiredService<DurableTaskClient>());
        var button = await desk.ButtonAsync(new { label = "S", sandbox_id = await desk.ScriptAsync("async function main() { await kv.set('a', 1); await kv.set('b', 1, 60); return {}; }") });
        var chains = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            chains.Add(ActionDesk.ChainOf(await desk.PressAsync(button)));
            await desk.EndedAsync(chains[i]);
            await client.WaitForInstanceCompletionAsync(chains[i]);
        }
        var purge = _app.Services.GetRequiredService<ChainPurge>();
        Assert.Equal(0, await purge.ChainsAsync(client, domain, 10, CancellationToken.None));

        _app.Clock.PutForward(TimeSpan.FromDays(31));
        var young = ActionDesk.ChainOf(await desk.PressAsync(button, new { user = "102" }));
        Assert.Equal(2, await purge.ChainsAsync(client, domain, 2, CancellationToken.None));
        Assert.Equal(1, await purge.ChainsAsync(client, domain, 10, CancellationToken.None));

        foreach (var chain in chains) Assert.Equal(HttpStatusCode.NotFound, (await desk.ChainAsync(chain)).Status);
        Assert.Null(await client.GetInstanceAsync(chains[0]));
        Assert.Equal(HttpStatusCode.OK, (await desk.ChainAsync(young)).Status);
        // Six answers to the old chains' requests; the value that has expired was set again by the young one.
        Assert.Equal(6, await purge.ValuesAsync(domain, 100, CancellationToken.None));
        Assert.Equal(0, await purge.ValuesAsync(domain, 100, CancellationToken.None));
        _app.Clock.PutForward(TimeSpan.FromSeconds(61));
        Assert.Equal(1, await purge.ValuesAsync(domain, 100, CancellationToken.None));
    }
}
