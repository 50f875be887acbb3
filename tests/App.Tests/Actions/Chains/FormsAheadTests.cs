using ClickToDial.App.Actions.Builders;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Actions.Chains;

public sealed class FormsAheadTests(AppRig app)
{
    [Fact(DisplayName = "C9: a form that storage does not give in time is asked for again by the step that wants it")]
    public async Task Reading_ahead_ends_in_time()
    {
        AzuriteFixture.SkipIfMissing();
        var asked = new EventLog<string>("requests to storage");
        await using var silent = Silent(asked);
        await silent.StartAsync();
        var clock = new ManualTimeProvider();
        // Much longer by the clock of the machine, which the storage client goes by.
        var options = new StorageOptions { ConnectionString = app.Azurite.ConnectionStringWith(new Uri($"{silent.Urls.First()}/devstoreaccount1")), TimeoutSeconds = 60 };
        var tables = new ItemTables(new StorageClients(options, app.Services.GetRequiredService<AppMetrics>(), TimeProvider.System));
        var forms = new FormsAhead(tables, options, clock);
        using var stop = new CancellationTokenSource();

        forms.Begin("d1.test", "chain", "next");
        await asked.WaitAsync(_ => true, "the reading ahead");
        var taking = forms.TakeAsync("d1.test", "chain", "next", stop.Token);
        clock.Advance(TimeSpan.FromSeconds(60));
        await asked.WaitAsync(_ => true, "the step's own reading", from: 1);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    private static WebApplication Silent(EventLog<string> asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(async http =>
        {
            asked.Append(http.Request.Path);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        return server;
    }
}
