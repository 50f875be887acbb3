namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>How message bodies are written on the wire of the queue.</summary>
internal enum QueueMessageEncoding
{
    Base64,
    None,
}
