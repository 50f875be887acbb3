namespace ClickToDial.App.Webhooks;

/// <summary>
/// A queue message: the raw bytes of an event, or where they lie. Bytes travel as base64 because a queue holds XML-safe text only.
/// </summary>
/// <param name="Source">Who sent it: <c>pbx</c>, <c>sweep</c> or <c>gap</c>.</param>
/// <param name="Body">The bytes; null when they are in a blob.</param>
/// <param name="Blob">Name of the blob that holds bytes too many for a message.</param>
/// <param name="Domain">The only domain that the sender may tell of; null for our own workers, which serve all.</param>
/// <param name="Sender">Name of the source it was posted to, or null.</param>
/// <param name="Trigger">Last part of the URL, where a PBX has one for each trigger.</param>
/// <param name="TraceParent">W3C trace context of who put it there.</param>
public sealed record EventEnvelope(
    DateTimeOffset ReceivedAt,
    string Source,
    byte[]? Body = null,
    string? Blob = null,
    string? Domain = null,
    string? Sender = null,
    string? Trigger = null,
    string? TraceParent = null)
{
    public const string QueueName = "pbx-events";
    public const string ContainerName = "pbx-events";

    /// <summary>Bytes that fit a message of 64 KiB once they are base64 and have the other members beside them.</summary>
    public const int LargestInline = 47 * 1024;

    /// <summary>Time to live of messages: without it a queue drops them after seven days.</summary>
    public static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);
}
