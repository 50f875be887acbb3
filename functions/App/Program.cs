using ClickToDial.App.Hosting;

IHost host;
try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.AddClickToDial();
    host = builder.Build();
    await host.StartAsync();
}
catch (Exception e) when (StartFaults.Of(e) is { Count: > 0 } faults)
{
    foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
    return StartFaults.ExitCode;
}

await host.WaitForShutdownAsync();
return 0;
