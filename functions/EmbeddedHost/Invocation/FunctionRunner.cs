using System.Diagnostics.CodeAnalysis;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>Runs one invocation through the pipeline inside a scope of its own; never throws.</summary>
internal sealed class FunctionRunner(
    FunctionPipeline pipeline, IServiceScopeFactory scopes, HostTools tools, ILoggerFactory loggers)
{
    private static readonly Func<ILogger, string, string, IDisposable?> Scope =
        LoggerMessage.DefineScope<string, string>("{FunctionName} {InvocationId}");

    private readonly ILogger _logger = loggers.CreateLogger("Function");

    /// <summary>For triggers without a scope of their own.</summary>
    public async Task<InvocationOutcome> RunInScopeAsync(
        FunctionEntry function, object triggerValue, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await RunAsync(Create(function, scope.ServiceProvider, triggerValue, bindingData, cancel));
    }

    public static InvocationContext Create(
        FunctionEntry function, IServiceProvider services, object triggerValue,
        IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancel) =>
        new(function, Guid.NewGuid().ToString(), services, triggerValue, bindingData, cancel);

    [SuppressMessage("Design", "CA1031", Justification = "This is the edge where any failure of function code becomes an outcome.")]
    public async Task<InvocationOutcome> RunAsync(InvocationContext context)
    {
        using var scope = Scope(_logger, context.Function.Name, context.InvocationId);
        var started = tools.Time.GetTimestamp();
        HostLog.Executing(_logger, context.Function.Name, context.InvocationId);
        try
        {
            await pipeline.Run(context);
            HostLog.Executed(_logger, context.Function.Name, context.InvocationId, tools.Time.GetElapsedTime(started).TotalMilliseconds);
            return InvocationOutcome.Succeeded;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            HostLog.Cancelled(_logger, context.Function.Name, context.InvocationId);
            return InvocationOutcome.Cancelled;
        }
        catch (Exception e)
        {
            context.Error = e;
            HostLog.Failed(_logger, context.Function.Name, context.InvocationId, e);
            return InvocationOutcome.Failed;
        }
    }
}
