using ClickToDial.Demo;
using ClickToDial.TestKit.Suite;

if (args.Length > 0)
{
    Console.Error.WriteLine("The demo takes no arguments: it starts a suite of its own on free ports, and forgets it.");
    return 2;
}
if (ClickToDialSuite.Missing is { } missing)
{
    Console.Error.WriteLine($"The demo cannot run: {missing}");
    return 1;
}
var teller = new Teller(Console.Out, TimeProvider.System);
try
{
    await using var suite = await ClickToDialSuite.StartAsync(progress: teller.Step);
    await new MainJob(suite, teller).RunAsync();
    teller.Step("it works");
    return 0;
}
catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException)
{
    Console.Error.WriteLine($"The demo failed: {e.Message}");
    return 1;
}
