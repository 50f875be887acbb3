using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>
/// Turns HTTP functions into endpoints. As on the real host, routes are tried in the order of the functions' names, whatever
/// is more specific, and a request whose path or method no function wants is a 404.
/// </summary>
internal static class HttpEndpoints
{
    public static IReadOnlyList<Endpoint> Build(FunctionIndex index, IServiceProvider services, List<string> errors)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Functions");
        foreach (var function in index.Functions.Where(f => f.DisabledReason is not null))
            HostLog.FunctionDisabled(logger, function.Name, function.DisabledReason!);
        var functions = index.Enabled(TriggerKind.Http).ToList();
        if (functions.Count > 0 && services.GetService<HttpIntegration.HttpIntegrationMarker>() is null)
            errors.Add("There are HTTP functions, but the program does not call ConfigureFunctionsWebApplication().");
        var routes = HttpRoutes.Read(functions, services.GetRequiredService<HostJson>().RoutePrefix,
            services.GetRequiredService<ParameterPolicyFactory>(), errors);
        return [.. routes.Select((route, order) => Endpoint(route, order, services.GetRequiredService<FunctionRunner>(), logger))];
    }

    public static void Map(WebApplication app, IReadOnlyList<Endpoint> endpoints)
    {
        app.UseRouting();
        app.Use(RefuseWrongMethod);
        app.MapGet(AdminEndpoints.StatusPath, AdminEndpoints.Status);
        app.MapGet(AdminEndpoints.FunctionsPath, AdminEndpoints.Functions);
        ((IEndpointRouteBuilder)app).DataSources.Add(new DefaultEndpointDataSource(endpoints));
    }

    private static Endpoint Endpoint(HttpRoute route, int order, FunctionRunner runner, ILogger logger)
    {
        var trigger = (HttpTriggerAttribute)route.Function.Trigger;
        var builder = new RouteEndpointBuilder(http => InvokeAsync(http, route.Function, runner), route.Pattern, order)
        {
            DisplayName = route.Function.Name,
        };
        builder.Metadata.Add(route.Function);
        if (route.Methods.Count > 0) builder.Metadata.Add(new HttpMethodMetadata(route.Methods));
        HostLog.RouteMapped(logger, route.Function.Name, string.Join(',', route.Methods), route.Pattern.RawText ?? "");
        if (trigger.AuthLevel != AuthorizationLevel.Anonymous)
            HostLog.KeyNotEnforced(logger, route.Function.Name, trigger.AuthLevel.ToString());
        return builder.Build();
    }

    private static async Task InvokeAsync(HttpContext http, FunctionEntry function, FunctionRunner runner)
    {
        var context = FunctionRunner.Create(function, http.RequestServices, http, HttpBinding.Data(http), http.RequestAborted);
        if (await runner.RunAsync(context) == InvocationOutcome.Succeeded) return;
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    /// <summary>Routing answers a known path with the wrong method by an endpoint of its own (405); the real host says 404.</summary>
    private static Task RefuseWrongMethod(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is { } endpoint && endpoint is not RouteEndpoint) http.SetEndpoint(null);
        return next(http);
    }
}
