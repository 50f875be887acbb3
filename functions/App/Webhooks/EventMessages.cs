using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Webhooks;

/// <summary>Reads queue messages.</summary>
public static class EventMessages
{
    /// <exception cref="UnprocessableEventException">The message is no envelope.</exception>
    public static EventEnvelope Open(string message) => TryOpen(message) ?? throw new UnprocessableEventException("message-not-readable");

    public static EventEnvelope? TryOpen(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, AppJson.Default.EventEnvelope);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Write(EventEnvelope envelope) => JsonSerializer.Serialize(envelope, AppJson.Default.EventEnvelope);

    /// <summary>The events of a message that holds several; null when it holds one.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? TrySplit(ReadOnlyMemory<byte> body) =>
        body.Span is [(byte)'[', ..] && PostedEvents.Read(body) is { IsOk: true } posted ? [.. posted.Value.Select(e => e.Body)] : null;

    /// <summary>Whether it is in the form of our own workers: that has a call id of that spelling, and no PBX's has.</summary>
    public static bool IsCallEvent(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (reader.ValueTextEquals("callId"u8)) return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Whoever reads it next says so.
        }

        return false;
    }
}
