using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Functions.Middleware;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.EmbeddedHost.Tests.Invocation;

/// <summary>The order in which things happened.</summary>
public sealed class Steps
{
    public EventLog<string> Log { get; } = new("steps");

    public TaskCompletionSource Gate { get; } = new();
}

/// <summary>Made once per scope; disposed with it.</summary>
public sealed class Scoped(Steps steps) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => steps.Log.Append("scope disposed");
}

public sealed class PipelineFunctions(Steps steps, Scoped scoped) : IDisposable
{
    [Function("Ordered")]
    public IResult Ordered([HttpTrigger(AuthorizationLevel.Anonymous, Route = "ordered")] HttpRequest request, FunctionContext context)
    {
        steps.Log.Append($"function {request.Path}");
        var services = context.InstanceServices;
        return new Written(steps, $"{context.InvocationId} {ReferenceEquals(services.GetService(typeof(Scoped)), scoped)}");
    }

    [Function("Waits")]
    public async Task<IResult> Waits(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "waits")] HttpRequest request, CancellationToken cancel)
    {
        steps.Log.Append("waiting " + (cancel == request.HttpContext.RequestAborted));
        await steps.Gate.Task.WaitAsync(cancel);
        return Results.Text("done");
    }

    [Function("Half")]
    public static async Task Half([HttpTrigger(AuthorizationLevel.Anonymous, Route = "half")] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("half of it");
        await request.HttpContext.Response.Body.FlushAsync();
        throw new InvalidOperationException("in the middle");
    }

    [Function("Thrower")]
    public static IResult Thrower([HttpTrigger(AuthorizationLevel.Anonymous, Route = "thrower")] HttpRequest request) =>
        throw new NotSupportedException(request.Path);

    public void Dispose() => steps.Log.Append("instance disposed");

    private sealed class Written(Steps steps, string text) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            steps.Log.Append("result");
            return httpContext.Response.WriteAsync(text);
        }
    }
}

public sealed class First(Steps steps) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        steps.Log.Append($"first before {context.FunctionDefinition.Name} {context.GetHttpContext() is not null}");
        await next(context);
        steps.Log.Append("first after");
    }
}

/// <summary>Turns one kind of failure into an answer, the way an app's error middleware does.</summary>
public sealed class Catching : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (NotSupportedException) when (context.GetHttpContext() is { } http)
        {
            http.Response.StatusCode = StatusCodes.Status418ImATeapot;
            await http.Response.WriteAsync("caught");
        }
    }
}
