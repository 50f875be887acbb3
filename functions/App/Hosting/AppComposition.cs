using ClickToDial.App.Access;
using ClickToDial.App.Actions;
using ClickToDial.App.Adapters;
using ClickToDial.App.Adapters.Bus;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.App.Calls;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Directory;
using ClickToDial.App.Health;
using ClickToDial.App.Hooks;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.App.Links;
using ClickToDial.App.Login;
using ClickToDial.App.PbxApi;
using ClickToDial.App.Recordings;
using ClickToDial.App.Sealing;
using ClickToDial.App.Sessions;
using ClickToDial.App.Web;
using ClickToDial.App.Webhooks;
using ClickToDial.App.Workers;
using ClickToDial.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.App.Hosting;

/// <summary>The parts of the function app, in one place.</summary>
public static class AppComposition
{
    public static void AddClickToDial(this FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.AddSecrets();
        builder.AddTelemetry();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IRandomSource, CryptoRandom>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<AppMetrics>();
        builder.Services
            .AddStorage(builder.Configuration)
            .AddEventQueue(builder.Configuration)
            .AddDirectory()
            .AddSealing()
            .AddAccess()
            .AddSessions()
            .AddWorkers()
            .AddCalls()
            .AddHooks()
            .AddLinks()
            .AddLogin()
            .AddEgress()
            .AddDeliveries()
            .AddWebhooks()
            .AddRecordings()
            .AddPbxApi()
            .AddActions()
            .AddWeb()
            .AddHealth();
    }
}
