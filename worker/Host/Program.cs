using ClickToDial.Calls;
using ClickToDial.Calls.Control;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Lifetime;
using ClickToDial.Worker.WebSockets;

using var signals = new StopSignals();
var builder = WebApplication.CreateSlimBuilder(args);
if (WorkerSettings.Read(builder.Configuration, out var errors) is not { } settings)
{
    foreach (var error in errors) await Console.Error.WriteLineAsync(error);
    return 2;
}

// A line for each question about health would drown the rest.
builder.Logging.ClearProviders().AddJsonConsole().AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
WebServer.Configure(builder, settings);
await using var app = builder.Build();

var logs = app.Services.GetRequiredService<ILoggerFactory>();
var webSockets = new SipWebSockets(settings, TimeProvider.System, logs.CreateLogger<SipWebSockets>());
await using var server = await CallServer.StartAsync(Composition.Of(settings, webSockets.Transports), TimeProvider.System, logs);
webSockets.Use(app);
new ControlEndpoints(server.Calls, settings.Worker.ControlToken, server.Recordings).Map(app);
new HealthEndpoints(() => server.Health).Map(app);
await app.StartAsync();

var broken = await Task.WhenAny(signals.Stop, server.Broken) == server.Broken;
await Shutdown.RunAsync(server, settings.Worker, app.Logger, broken ? new CancellationToken(canceled: true) : signals.Hurry);
await app.StopAsync();
return broken ? 1 : 0;
