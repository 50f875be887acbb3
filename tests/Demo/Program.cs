using ClickToDial.Demo;
using ClickToDial.TestKit.Suite;

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
