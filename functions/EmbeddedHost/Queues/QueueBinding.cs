using System.Text.Json;
using Azure.Storage.Queues.Models;
using ClickToDial.EmbeddedHost.Invocation;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>What a queue trigger offers to its parameter: string, byte[], BinaryData, QueueMessage, or the body read as JSON.</summary>
internal static class QueueBinding
{
    public static ParameterBinder For(Type type, string name)
    {
        if (type == typeof(string)) return context => new ValueTask<object?>(Body(context).ToString());
        if (type == typeof(byte[])) return context => new ValueTask<object?>(Body(context).ToArray());
        if (type == typeof(BinaryData)) return context => new ValueTask<object?>(Body(context));
        if (type == typeof(QueueMessage)) return context => new ValueTask<object?>(Message(context).ToQueueMessage());
        return context => new ValueTask<object?>(FromJson(context, type, name));
    }

    private static object? FromJson(InvocationContext context, Type type, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(Body(context), type, ParameterPlan.Json(context));
        }
        catch (JsonException e)
        {
            throw new BindingException($"The message does not fit '{name}' ({type.Name}).", e);
        }
    }

    private static BinaryData Body(InvocationContext context) => Message(context).Body;

    private static ReceivedMessage Message(InvocationContext context) => (ReceivedMessage)context.TriggerValue;
}
