using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.Engine;
using ClickToDial.EmbeddedHost.Functions.Middleware;
using ClickToDial.EmbeddedHost.Http;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Queues;
using ClickToDial.EmbeddedHost.ServiceBusTriggers;
using ClickToDial.EmbeddedHost.Settings;
using ClickToDial.EmbeddedHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>Puts the parts of the host together.</summary>
internal static class EmbeddedHostSetup
{
    private const string ScriptRootKey = "AzureWebJobsScriptRoot";

    /// <summary>How long a stop waits for running functions before it cancels them.</summary>
    private static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    public static WebApplicationBuilder CreateInner(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = EnvironmentName(),
        });
        LocalSettingsFile.AddTo(builder.Configuration, ScriptRoot(builder.Configuration));
        builder.WebHost.UseUrls(ListenAddress.From(builder.Configuration));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fff'Z '";
        });
        // Its request lines would put query strings into the log, and dial links carry credentials there.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    public static void AddServices(
        WebApplicationBuilder builder, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var services = builder.Services;
        services.AddSingleton(HostTools.From);
        services.AddOptions<EmbeddedHostOptions>().BindConfiguration("EmbeddedHost");
        services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = DefaultStopTimeout;
            options.ServicesStopConcurrently = true;
        });
        services.Configure<System.Text.Json.JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddSingleton(HostJson.Load(ScriptRoot(builder.Configuration), builder.Configuration));
        services.AddSingleton<SettingResolver>();
        services.AddSingleton<FunctionIndexer>();
        services.AddSingleton(provider => provider.GetRequiredService<FunctionIndexer>().Build());
        services.AddSingleton(provider => new FunctionPipeline(middleware));
        services.AddSingleton<FunctionRunner>();
        services.AddSingleton<QueuePlanner>();
        AddListener<QueueTriggers>(services);
        AddListener<ServiceBusListeners>(services);
        services.AddSingleton<TimerPlanner>();
        AddListener<TimerTriggers>(services);
        AddDurable(services);
    }

    public static void MapFunctions(WebApplication app)
    {
        var index = app.Services.GetRequiredService<FunctionIndex>();
        var errors = app.Services.GetRequiredService<HostJson>().Errors.Concat(index.Errors).ToList();
        foreach (var listener in app.Services.GetServices<ITriggerListener>()) listener.Prepare(index, errors);
        var endpoints = HttpEndpoints.Build(index, app.Services, errors);
        if (errors.Count > 0) throw new EmbeddedHostException(errors);
        HttpEndpoints.Map(app, endpoints);
    }

    private static void AddDurable(IServiceCollection services)
    {
        services.AddSingleton<DurableStorage>();
        services.AddSingleton<DurableFunctions>();
        services.AddSingleton<InstanceReader>();
        services.AddSingleton<DurableTaskClient, EmbeddedDurableClient>();
        AddListener<DurableEngine>(services);
    }

    private static void AddListener<T>(IServiceCollection services) where T : class, ITriggerListener
    {
        services.AddSingleton<T>();
        services.AddSingleton<ITriggerListener>(provider => provider.GetRequiredService<T>());
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }

    private static string EnvironmentName() =>
        FirstSet("AZURE_FUNCTIONS_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT") ?? Environments.Development;

    private static string? FirstSet(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) return value;
        return null;
    }

    private static string ScriptRoot(ConfigurationManager configuration) => configuration[ScriptRootKey] ?? AppContext.BaseDirectory;
}
