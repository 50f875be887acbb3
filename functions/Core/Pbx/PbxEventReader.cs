using System.Text.Json;

namespace ClickToDial.Core.Pbx;

/// <summary>Reads an event as VoIPLine and VoIPcloud PBXes post it.</summary>
public static class PbxEventReader
{
    private const int Name = 128;
    private const int Long = 2048;

    /// <summary>What of an e-mail's text is kept, so that the event fits one table cell.</summary>
    public const int MaxMessage = 8000;

    /// <param name="trigger">Last part of the URL, for PBXes that have one for each trigger; the field <c>type</c> comes first.</param>
    /// <returns>Null when it is no JSON object with readable names.</returns>
    public static PbxEvent? Read(ReadOnlyMemory<byte> body, string? trigger)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Webhooks.PostedEvents.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(new PbxFields(document.RootElement), trigger) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a name with an escaped lone surrogate, which is valid JSON grammar but no text.
            return null;
        }
    }

    private static PbxEvent Read(PbxFields fields, string? trigger)
    {
        var name = fields.Text(Name, "type");
        return new PbxEvent(
            name is null ? PbxEventTypes.OfTrigger(trigger) : PbxEventTypes.OfName(name),
            name ?? trigger,
            fields.Text(Name, "unique_call_id"),
            fields.Text(Name, "domain"),
            fields.Text(Name, "caller_id", "callerid"),
            fields.Text(Name, "caller_name", "callername"),
            fields.Text(Name, "user_name"),
            fields.Text(Name, "user_number"),
            fields.Text(Name, "dest_number"),
            fields.Text(Name, "queue_name"),
            fields.Text(Name, "ring_group_name", "ringgroup_name"),
            fields.Text(Name, "status"),
            fields.Text(Name, "component_name"),
            fields.Time("call_start_at"),
            fields.Time("connected_at"),
            fields.Time("recorded_at"),
            fields.Seconds("call_duration"),
            fields.Seconds("conversation_duration"),
            fields.Texts(Name, "emails"),
            fields.Text(Long, "email_subject"),
            fields.Text(MaxMessage, "email_message"),
            fields.Texts(Long, "audio_file"),
            fields.Text(Long, "call_recording_link"));
    }
}
