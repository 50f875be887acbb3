using ClickToDial.App.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

IHost host;
try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.AddClickToDial();
    host = builder.Build();
    // The host does so too, but logs the stack of it before it tells us.
    host.Services.GetService<IStartupValidator>()?.Validate();
    await host.StartAsync();
}
catch (Exception e) when (StartFaults.Of(e) is { Count: > 0 } faults)
{
    foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
    return StartFaults.ExitCode;
}

await host.WaitForShutdownAsync();
return 0;
