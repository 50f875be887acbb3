using System.Diagnostics;
using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.App.Hosting.Telemetry;

/// <summary>
/// A span for each HTTP request, which continues the sender's trace. It says which function and which status: no address, no query, no
/// body. Other triggers begin theirs when they have read which message it is.
/// </summary>
public sealed class TraceMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var span = AppTrace.Source.Begin(context.FunctionDefinition.Name, ActivityKind.Server, http.Request.Headers[Spans.Header]);
        try
        {
            await next(context);
        }
        finally
        {
            // Who has not answered yet is answered by the host, behind us.
            if (http.Response.HasStarted) span?.SetTag("http.status", http.Response.StatusCode);
            span.End();
        }
    }
}
