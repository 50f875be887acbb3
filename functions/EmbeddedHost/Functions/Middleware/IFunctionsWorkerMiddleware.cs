namespace ClickToDial.EmbeddedHost.Functions.Middleware;

/// <summary>Code around every invocation; made once per app, in the order of registration.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
