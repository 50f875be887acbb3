using System.Globalization;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>A message as the broker keeps it. Its parts are its own: nothing of the connection it came by is held.</summary>
internal sealed class BusMessage
{
    private const string ScheduledFor = "x-opt-scheduled-enqueue-time";

    private readonly Properties _properties;
    private readonly Dictionary<string, object?> _application = [];
    private readonly Dictionary<string, object?> _annotations = [];
    private readonly byte[] _body;

    private BusMessage(Properties properties, byte[] body) => (_properties, _body) = (properties, body);

    public string? Id => _properties.MessageId?.ToString();

    public string? SessionId => _properties.GroupId;

    public long Sequence { get; set; }

    public DateTimeOffset EnqueuedAt { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Deliveries so far that came to nothing.</summary>
    public int Failures { get; set; }

    public Guid LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>Who has it; null while it is free.</summary>
    public object? Holder { get; set; }

    /// <summary>What came in one transfer: a message, or a batch of them in the form that the SDK gives it.</summary>
    public static IReadOnlyList<BusMessage> ReadAll(AmqpMessage message) =>
        message.MessageFormat == AmqpConstants.AmqpBatchedMessageFormat
            ? [.. message.DataBody.Select(data => Read(Bytes(data.Value)))]
            : [Read(message)];

    public static BusMessage Read(byte[] encoded) => Read(AmqpMessage.CreateInputMessage(new BufferListStream([new ArraySegment<byte>(encoded)])));

    private static BusMessage Read(AmqpMessage message)
    {
        var body = message.BodyType.HasFlag(SectionFlag.Data) ? message.DataBody.SelectMany(data => Bytes(data.Value)).ToArray() : [];
        var read = new BusMessage(message.Properties ?? new Properties(), body);
        foreach (var (key, value) in message.ApplicationProperties?.Map ?? []) read._application[key.ToString()] = value;
        foreach (var (key, value) in message.MessageAnnotations?.Map ?? []) read._annotations[key.ToString()] = value;
        if (read._annotations.Remove(ScheduledFor, out var due) && due is DateTime at) read.DueAt = new DateTimeOffset(at.ToUniversalTime());
        return read;
    }

    public void Note(string name, object? value) => _application[name] = value;

    public void Annotate(string name, object? value) => _annotations[name] = value;

    /// <summary>A new message for the wire: the library writes into what it sends.</summary>
    public AmqpMessage ToAmqp()
    {
        var message = AmqpMessage.Create(new Data { Value = new ArraySegment<byte>(_body) });
        Copy(_properties, message.Properties);
        message.Header.DeliveryCount = (uint)Failures;
        foreach (var (key, value) in _application) message.ApplicationProperties.Map[key] = value;
        foreach (var (key, value) in _annotations) message.MessageAnnotations.Map[key] = value;
        message.MessageAnnotations.Map["x-opt-sequence-number"] = Sequence;
        message.MessageAnnotations.Map["x-opt-enqueued-time"] = EnqueuedAt.UtcDateTime;
        if (Holder is not null) message.MessageAnnotations.Map["x-opt-locked-until"] = LockedUntil.UtcDateTime;
        return message;
    }

    /// <summary>As a look at it without taking it gives it.</summary>
    public byte[] Encode()
    {
        using var message = ToAmqp();
        using var encoded = new MemoryStream();
        message.ToStream().CopyTo(encoded);
        return encoded.ToArray();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}: {Id} of {SessionId}");

    private static void Copy(Properties from, Properties to)
    {
        (to.MessageId, to.CorrelationId, to.To, to.ReplyTo) = (from.MessageId, from.CorrelationId, from.To, from.ReplyTo);
        (to.Subject, to.ContentType, to.ContentEncoding) = (from.Subject, from.ContentType, from.ContentEncoding);
        (to.GroupId, to.ReplyToGroupId) = (from.GroupId, from.ReplyToGroupId);
        (to.AbsoluteExpiryTime, to.CreationTime) = (from.AbsoluteExpiryTime, from.CreationTime);
    }

    private static byte[] Bytes(object value) => value switch
    {
        byte[] bytes => bytes,
        ArraySegment<byte> segment => [.. segment],
        _ => throw new AmqpException(AmqpErrorCode.NotImplemented, "The body is not bytes."),
    };
}
