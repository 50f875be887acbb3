using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Functions.Middleware;
using ClickToDial.EmbeddedHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>
/// The middleware that ConfigureFunctionsWebApplication adds, at the place where it was called: middleware before it sees no
/// HttpContext; results are written after all middleware behind it has returned.
/// </summary>
internal static class HttpIntegration
{
    public const string HttpContextKey = "HttpRequestContext";

    public static void AddTo(FunctionsApplicationBuilder builder)
    {
        if (builder.Services.Any(d => d.ServiceType == typeof(HttpIntegrationMarker))) return;
        builder.Services.TryAddSingleton<HttpIntegrationMarker>();
        builder.Services.AddMvcCore();
        builder.Use(next => context => InvokeAsync(context, next));
    }

    private static async Task InvokeAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context is not InvocationContext { TriggerValue: HttpContext http } invocation)
        {
            await next(context);
            return;
        }
        context.Items[HttpContextKey] = http;
        await next(context);
        await WriteAsync(invocation.Result, http);
    }

    /// <summary>A function without a result leaves the response as its code made it: 200 and empty if it did nothing.</summary>
    private static Task WriteAsync(object? result, HttpContext http) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        IResult other => other.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };

    /// <summary>Present when the app called ConfigureFunctionsWebApplication.</summary>
    internal sealed class HttpIntegrationMarker;
}
