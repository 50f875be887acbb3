using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Invocation;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Fills the parameters of durable functions, and runs an orchestrator's code on its step's own scheduler.</summary>
internal static class DurableBinding
{
    public static ValueTask<object?> Client(InvocationContext context) =>
        new(context.InstanceServices.GetRequiredService<DurableTaskClient>());

    public static ValueTask<object?> Context(InvocationContext context) => new(((OrchestratorTurn)context.TriggerValue).Context);

    public static ParameterBinder OrchestrationInput(Type type) =>
        context => new ValueTask<object?>(Read(() => ((OrchestratorTurn)context.TriggerValue).InputAs(type), type));

    public static ParameterBinder ActivityInput(Type type) => context =>
    {
        var text = ((ActivityInput)context.TriggerValue).Json;
        return new ValueTask<object?>(text is null ? Nothing(type) : Read(() => JsonSerializer.Deserialize(text, type, ParameterPlan.Json(context)), type));
    };

    private static object? Nothing(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;

    private static object? Read(Func<object?> read, Type type)
    {
        try
        {
            return read() ?? Nothing(type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new BindingException($"The input does not fit {type.Name}.", e);
        }
    }
}
