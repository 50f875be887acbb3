using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Tests.Support;

/// <summary>
/// A function app made of a test's own function classes: the real builder, Kestrel on a free port, host.json in a folder of
/// its own, and everything it logs as events.
/// </summary>
public sealed class HostRig : IAsyncDisposable
{
    private const string DefaultHostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""";

    private readonly DirectoryInfo _root;
    private readonly IHost _host;

    private HostRig(DirectoryInfo root, IHost host, EventLog<LogLine> logs)
    {
        (_root, _host, Logs) = (root, host, logs);
        Client = new HttpClient { BaseAddress = new Uri(((WebApplication)host).Urls.First()) };
    }

    public EventLog<LogLine> Logs { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Builds and starts an app of these function classes.</summary>
    public static async Task<HostRig> StartAsync(HostRigOptions options)
    {
        var root = Directory.CreateTempSubdirectory("embedded-host-");
        var logs = new EventLog<LogLine>("host log");
        var host = Build(options, root, logs);
        await host.StartAsync();
        return new HostRig(root, host, logs);
    }

    /// <summary>What Build() refuses the app for.</summary>
    public static IReadOnlyList<string> ErrorsOf(HostRigOptions options)
    {
        var root = Directory.CreateTempSubdirectory("embedded-host-");
        try
        {
            return Assert.Throws<EmbeddedHostException>(() => Build(options, root, new EventLog<LogLine>("host log"))).Errors;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _root.Delete(recursive: true);
    }

    private static IHost Build(HostRigOptions options, DirectoryInfo root, EventLog<LogLine> logs)
    {
        if (options.WriteHostJson) File.WriteAllText(Path.Combine(root.FullName, "host.json"), options.HostJson ?? DefaultHostJson);
        if (options.LocalSettings is not null) File.WriteAllText(Path.Combine(root.FullName, "local.settings.json"), options.LocalSettings);
        string[] args =
        [
            "--AzureWebJobsScriptRoot", root.FullName, "--port", "0", "--hostBuilder:reloadConfigOnChange", "false",
            .. options.Settings.SelectMany(s => new[] { "--" + s.Key, s.Value }),
        ];
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.Logging.ClearProviders().AddProvider(new EventLogProvider(logs));
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        if (options.Configure is null) builder.ConfigureFunctionsWebApplication();
        else options.Configure(builder);
        builder.Services.Configure<EmbeddedHostOptions>(host =>
        {
            foreach (var type in options.Functions) host.FunctionTypes.Add(type);
            host.QueueLease = options.QueueLease;
        });
        return builder.Build();
    }
}
