using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClickToDial.EmbeddedHost.Invocation;

namespace ClickToDial.EmbeddedHost.ServiceBusTriggers;

/// <summary>What a Service Bus trigger offers to its parameter: string, byte[], BinaryData, the message, or the body read as JSON.</summary>
internal static class ServiceBusBinding
{
    public static ParameterBinder For(Type type, string name)
    {
        if (type == typeof(string)) return context => new ValueTask<object?>(Message(context).Body.ToString());
        if (type == typeof(byte[])) return context => new ValueTask<object?>(Message(context).Body.ToArray());
        if (type == typeof(BinaryData)) return context => new ValueTask<object?>(Message(context).Body);
        if (type == typeof(ServiceBusReceivedMessage)) return context => new ValueTask<object?>(Message(context));
        return context => new ValueTask<object?>(FromJson(context, type, name));
    }

    /// <summary>The names that the real trigger gives to what it knows about a message.</summary>
    public static IReadOnlyDictionary<string, object?> Data(ServiceBusReceivedMessage message) =>
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MessageId"] = message.MessageId,
            ["SessionId"] = message.SessionId,
            ["Subject"] = message.Subject,
            ["CorrelationId"] = message.CorrelationId,
            ["ContentType"] = message.ContentType,
            ["DeliveryCount"] = message.DeliveryCount.ToString(CultureInfo.InvariantCulture),
            ["SequenceNumber"] = message.SequenceNumber.ToString(CultureInfo.InvariantCulture),
            ["EnqueuedTimeUtc"] = message.EnqueuedTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };

    private static object? FromJson(InvocationContext context, Type type, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(Message(context).Body, type, ParameterPlan.Json(context));
        }
        catch (JsonException e)
        {
            throw new BindingException($"The message does not fit '{name}' ({type.Name}).", e);
        }
    }

    private static ServiceBusReceivedMessage Message(InvocationContext context) => (ServiceBusReceivedMessage)context.TriggerValue;
}
