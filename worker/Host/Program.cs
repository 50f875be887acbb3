using ClickToDial.Calls;
using ClickToDial.Calls.Control;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Lifetime;

using var signals = new StopSignals();
var builder = WebApplication.CreateSlimBuilder(args);
if (WorkerSettings.Read(builder.Configuration, out var errors) is not { } settings)
{
    foreach (var error in errors) await Console.Error.WriteLineAsync(error);
    return 2;
}

builder.Logging.ClearProviders().AddJsonConsole();
builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
builder.WebHost.UseUrls(settings.Worker.ControlUrl);
await using var app = builder.Build();

await using var server = await CallServer.StartAsync(Composition.Of(settings), TimeProvider.System, app.Services.GetRequiredService<ILoggerFactory>());
new ControlEndpoints(server.Calls, settings.Worker.ControlToken).Map(app);
new HealthEndpoints(() => server.Health).Map(app);
await app.StartAsync();

await signals.Stop;
await Shutdown.RunAsync(server, settings.Worker, app.Logger, signals.Hurry);
await app.StopAsync();
return 0;
