using System.Globalization;
using System.Text;
using System.Text.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Webhooks;

/// <summary>
/// Looks over what was posted to the webhook: one JSON object, or an array of them, not nested deeper than any event is. What the
/// events say is read after the queue.
/// </summary>
public static class PostedEvents
{
    public const int MaxEvents = 100;
    public const int MaxDepth = 16;
    private const int MaxIdLength = 128;

    public static Result<PostedEvent[]> Read(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[3..];
        try
        {
            return ReadAll(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a name with an escaped lone surrogate, which is valid JSON grammar but no text.
            return KnownProblems.InvalidJson;
        }
    }

    private static Result<PostedEvent[]> ReadAll(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read()) return KnownProblems.InvalidJson;
        var events = new List<PostedEvent>();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            events.Add(ReadOne(ref reader, body));
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject) return KnownProblems.InvalidJson;
                if (events.Count == MaxEvents) return KnownProblems.BatchTooLarge;
                events.Add(ReadOne(ref reader, body));
            }
        }

        // Reads to the end: what follows the value must be nothing.
        while (reader.Read())
        {
            // Throws at anything but white space.
        }

        if (events.Count == 0) return KnownProblems.InvalidJson;
        return events.ToArray();
    }

    private static PostedEvent ReadOne(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        string? eventId = null, callId = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isEventId = reader.ValueTextEquals("id"u8);
            var isCallId = reader.ValueTextEquals("callId"u8) || reader.ValueTextEquals("unique_call_id"u8);
            reader.Read();
            if (isEventId) eventId = Id(ref reader);
            else if (isCallId) callId = Id(ref reader);
            reader.Skip();
        }

        return new PostedEvent(body[start..(int)reader.BytesConsumed], eventId, callId);
    }

    private static string? Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)) return number.ToString(CultureInfo.InvariantCulture);
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > MaxIdLength) return null;
        foreach (var b in reader.ValueSpan)
            if (b is <= (byte)' ' or > (byte)'~') return null;
        return Encoding.ASCII.GetString(reader.ValueSpan);
    }
}
