using ClickToDial.App.Access;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Hosting;

/// <summary>
/// The edge of every HTTP function: browsers are told whether they may read the answer, and whatever was thrown becomes a problem.
/// Other triggers pass through, so that their host sees the failure.
/// </summary>
public sealed partial class ProblemMiddleware(CorsHeaders cors, StorageOptions storage, ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        StorageBudget.Grant(TimeSpan.FromSeconds(storage.TimeoutSeconds));
        try
        {
            await cors.ApplyAsync(http);
            await next(context);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            await Api.Problem(ToProblem(e, context.FunctionDefinition.Name)).ExecuteAsync(http);
        }
    }

    private Problem ToProblem(Exception e, string function)
    {
        if (e is QueueUnavailableException)
        {
            LogQueue(function);
            return KnownProblems.QueueUnavailable;
        }

        if (StorageFailure.IsUnavailable(e))
        {
            LogStorage(function, StorageFailure.Describe(e));
            return KnownProblems.StorageUnavailable;
        }

        if (e is EntityContendedException) return KnownProblems.TooManyAtOnce;
        // The client's own doing: it sent a body that is no HTTP, or sent it too slowly (RFC 9110 section 15.5.9).
        if (e is BadHttpRequestException bad)
            return bad.StatusCode == StatusCodes.Status408RequestTimeout ? KnownProblems.BodyTooSlow
                : bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? KnownProblems.BodyTooLarge
                : KnownProblems.BodyUnreadable;
        LogFailure(function, e);
        return KnownProblems.InternalError;
    }

    [LoggerMessage(1001, LogLevel.Warning, "{Function}: storage is not available ({Fault})")]
    private partial void LogStorage(string function, string fault);

    [LoggerMessage(1002, LogLevel.Warning, "{Function}: the event queue is not available")]
    private partial void LogQueue(string function);

    [LoggerMessage(1003, LogLevel.Error, "{Function} failed")]
    private partial void LogFailure(string function, Exception error);
}
