using ClickToDial.EmbeddedHost.Functions.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Collects the services and the middleware of the app.</summary>
public interface IFunctionsWorkerApplicationBuilder
{
    IServiceCollection Services { get; }

    IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
}
