using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Functions.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>The app's middleware in the order of registration, and the function itself at the end.</summary>
internal sealed class FunctionPipeline
{
    public FunctionPipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        FunctionExecutionDelegate next = ExecuteAsync;
        for (var i = middleware.Count - 1; i >= 0; i--) next = middleware[i](next);
        Run = next;
    }

    public FunctionExecutionDelegate Run { get; }

    private static async Task ExecuteAsync(FunctionContext context)
    {
        var invocation = (InvocationContext)context;
        if (invocation.TriggerValue is OrchestratorTurn { IsStarted: true } kept)
        {
            kept.GoOn();
            return;
        }
        var arguments = new object?[invocation.Function.Parameters.Count];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = await invocation.Function.Parameters[i](invocation);
        var instance = Instance(invocation);
        try
        {
            // An orchestrator's step decides itself where and how far the code runs.
            if (invocation.TriggerValue is OrchestratorTurn turn)
                turn.Run(() => FunctionCall.InvokeAsync(invocation.Function.Method, instance, arguments));
            else invocation.Result = await FunctionCall.InvokeAsync(invocation.Function.Method, instance, arguments);
        }
        finally
        {
            if (instance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else (instance as IDisposable)?.Dispose();
        }
    }

    private static object? Instance(InvocationContext invocation) =>
        invocation.Function.Method.IsStatic
            ? null
            : ActivatorUtilities.CreateInstance(invocation.InstanceServices, invocation.Function.Method.DeclaringType!);
}
