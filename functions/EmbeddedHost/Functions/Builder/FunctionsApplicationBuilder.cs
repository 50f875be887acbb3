using ClickToDial.EmbeddedHost.Functions.Middleware;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Functions.Builder;

/// <summary>Builds the function app: services, configuration and middleware, over a Kestrel server in this process.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _inner;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    internal FunctionsApplicationBuilder(string[] args)
    {
        _inner = EmbeddedHostSetup.CreateInner(args);
        EmbeddedHostSetup.AddServices(_inner, _middleware);
    }

    public ConfigurationManager Configuration => _inner.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => _inner.Configuration;

    public IHostEnvironment Environment => _inner.Environment;

    public ILoggingBuilder Logging => _inner.Logging;

    public IMetricsBuilder Metrics => _inner.Metrics;

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_inner).Properties;

    public IServiceCollection Services => _inner.Services;

    /// <summary>Finds the functions and wires them up; throws with every error found in them and in host.json.</summary>
    public IHost Build()
    {
        var app = _inner.Build();
        EmbeddedHostSetup.MapFunctions(app);
        return app;
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_inner).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }
}
