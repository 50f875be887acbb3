using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.DurableHost;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Arguments: folder of host.json, storage connection, table of effects, number of chains, moment to die (0: never).
var (root, connection, effects) = (args[0], args[1], args[2]);
var chains = int.Parse(args[3], CultureInfo.InvariantCulture);
using var fate = DiagnosticListener.AllListeners.Subscribe(new Fate(int.Parse(args[4], CultureInfo.InvariantCulture)));

var builder = FunctionsApplication.CreateBuilder(
    ["--AzureWebJobsScriptRoot", root, "--port", "0", "--AzureWebJobsStorage", connection, "--hostBuilder:reloadConfigOnChange", "false"]);
builder.ConfigureFunctionsWebApplication();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new TableClient(connection, effects));
builder.Services.Configure<EmbeddedHostOptions>(options =>
{
    options.DurableLease = TimeSpan.FromSeconds(1);
    options.DurablePoll = TimeSpan.FromMilliseconds(100);
});
var app = builder.Build();
await app.StartAsync();
await ChainRun.ToTheEndAsync(app.Services.GetRequiredService<DurableTaskClient>(), chains);
await app.StopAsync();
