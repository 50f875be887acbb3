namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>A session of a queue: who has it, and the bytes that its receivers leave for each other.</summary>
internal sealed class BusSession(string id)
{
    public string Id => id;

    public object? Holder { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public byte[]? State { get; set; }
}
