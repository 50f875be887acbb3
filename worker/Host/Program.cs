using ClickToDial.Calls;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Lifetime;
using ClickToDial.Worker.Telemetry;
using ClickToDial.Worker.WebSockets;

if (args is [HealthProbe.Verb])
{
    var told = new ConfigurationBuilder().AddEnvironmentVariables().Build();
    return await HealthProbe.RunAsync(told["Worker:ControlUrl"] ?? new WorkerOptions().ControlUrl);
}

using var signals = new StopSignals();
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
if (WorkerSettings.Read(configuration, out var errors) is not { } settings)
{
    foreach (var error in errors) await Console.Error.WriteLineAsync(error);
    return 2;
}

// SIP first: after a restart, phones and trunks ask long before anybody commands a call, and the web server takes longer to make.
await using var exporters = Exporters.Start(settings.Telemetry, settings.Worker.Name);
using var logs = Logs.Create(configuration, settings);
var webSockets = new SipWebSockets(settings, TimeProvider.System, logs.CreateLogger<SipWebSockets>());
await using var server = await CallServer.StartAsync(Composition.Of(settings, webSockets.Transports), TimeProvider.System, logs);
using var secrets = new SecretWatch(settings, TimeProvider.System, logs.CreateLogger<SecretWatch>());
await using var web = WebServer.Build(settings, server, secrets, webSockets, logs);
await web.StartAsync();
var announcer = new Announcer(settings, server.Fellows, TimeProvider.System, logs.CreateLogger<Announcer>());

var broken = await Task.WhenAny(signals.Stop, server.Broken) == server.Broken;
await Shutdown.RunAsync(server, settings.Worker, web.Logger, broken ? new CancellationToken(canceled: true) : signals.Hurry);
await announcer.DisposeAsync();
exporters.Flush();
await web.StopAsync();
return broken ? 1 : 0;
