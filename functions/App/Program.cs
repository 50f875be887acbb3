using ClickToDial.App.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.AddClickToDial();
await builder.Build().RunAsync();
