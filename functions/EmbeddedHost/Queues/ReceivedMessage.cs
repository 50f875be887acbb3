using System.Globalization;
using Azure.Storage.Queues.Models;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>A message as received: its decoded body, and the text that stood on the wire.</summary>
internal sealed record ReceivedMessage(QueueMessage Message, BinaryData Body, string WireText)
{
    /// <summary>Null when the body is not in the encoding that host.json asks for.</summary>
    public static ReceivedMessage? Decode(QueueMessage message, Settings.QueueMessageEncoding encoding)
    {
        var wire = message.Body.ToString();
        if (encoding == Settings.QueueMessageEncoding.None) return new ReceivedMessage(message, message.Body, wire);
        var bytes = new byte[wire.Length];
        return Convert.TryFromBase64String(wire, bytes, out var length)
            ? new ReceivedMessage(message, BinaryData.FromBytes(bytes.AsMemory(0, length)), wire)
            : null;
    }

    /// <summary>For a QueueMessage parameter.</summary>
    public QueueMessage ToQueueMessage() => QueuesModelFactory.QueueMessage(
        Message.MessageId, Message.PopReceipt, Body, Message.DequeueCount, Message.NextVisibleOn, Message.InsertedOn, Message.ExpiresOn);

    /// <summary>The names that the real trigger gives to what it knows about a message.</summary>
    public IReadOnlyDictionary<string, object?> BindingData() => new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = Body.ToString(),
        ["Id"] = Message.MessageId,
        ["PopReceipt"] = Message.PopReceipt,
        ["DequeueCount"] = Message.DequeueCount.ToString(CultureInfo.InvariantCulture),
        ["InsertionTime"] = Message.InsertedOn?.ToString("O", CultureInfo.InvariantCulture),
        ["ExpirationTime"] = Message.ExpiresOn?.ToString("O", CultureInfo.InvariantCulture),
        ["NextVisibleTime"] = Message.NextVisibleOn?.ToString("O", CultureInfo.InvariantCulture),
    };
}
