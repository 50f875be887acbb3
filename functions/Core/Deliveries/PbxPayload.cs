using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;

namespace ClickToDial.Core.Deliveries;

/// <summary>The body of an event as VoIPLine and VoIPcloud PBXes write it: each type with its own members, null where there is nothing.</summary>
public static class PbxPayload
{
    /// <summary>A step of a call of ours in the PBX's words.</summary>
    public static PbxEvent Of(PbxEventType type, CallEvent step, CallRecord row) => new(
        type,
        PbxEventTypes.NameOf(type),
        row.Pbx?.UniqueCallId ?? row.CallId.Value,
        CallerId: row.CallerId,
        CallerName: row.Pbx?.CallerName,
        UserName: row.Pbx?.UserName ?? row.User,
        UserNumber: row.User,
        DestNumber: row.Destination,
        QueueName: row.Pbx?.QueueName,
        RingGroupName: row.Pbx?.RingGroupName,
        CallStartAt: row.StartedAt ?? step.Call.StartedAt,
        ConnectedAt: step.ConnectedAt ?? row.ConnectedAt,
        RecordedAt: step.Recording is null ? null : step.Time,
        CallSeconds: Seconds(row.TotalDuration),
        TalkSeconds: Seconds(row.TalkDuration),
        RecordingLink: step.Recording is { } recording ? $"/api/recordings/{recording.RecordingId}" : null);

    public static byte[] Write(PbxEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", PbxEventTypes.NameOf(e.Type));
            json.WriteString("unique_call_id", e.UniqueCallId);
            WriteMembers(json, e);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, PbxEvent e)
    {
        switch (e.Type)
        {
            case PbxEventType.QueueCall or PbxEventType.RingGroupCall:
                WriteSummary(json, e);
                break;
            case PbxEventType.Voicemail or PbxEventType.RecordingInbound or PbxEventType.RecordingOutbound:
                WriteSound(json, e);
                break;
            case PbxEventType.WebhookComponent:
                WriteUser(json, e);
                json.WriteString("dest_number", e.DestNumber);
                WriteTime(json, "call_start_at", e.CallStartAt);
                json.WriteString("component_name", e.ComponentName);
                break;
            default:
                WriteCall(json, e);
                break;
        }
    }

    private static void WriteCall(Utf8JsonWriter json, PbxEvent e)
    {
        json.WriteString("caller_id", e.CallerId);
        WriteUser(json, e);
        json.WriteString("dest_number", e.DestNumber);
        WriteTime(json, "call_start_at", e.CallStartAt);
        if (e.QueueName is not null) json.WriteString("queue_name", e.QueueName);
        if (e.RingGroupName is not null) json.WriteString("ring_group_name", e.RingGroupName);
        if (e.Type is PbxEventType.UserInbound or PbxEventType.UserOutbound) return;
        WriteTime(json, "connected_at", e.ConnectedAt);
        if (e.Type is PbxEventType.UserInboundCompleted or PbxEventType.UserOutboundCompleted) WriteDurations(json, e);
    }

    private static void WriteSummary(Utf8JsonWriter json, PbxEvent e)
    {
        json.WriteString("caller_id", e.CallerId);
        json.WriteString("caller_name", e.CallerName);
        json.WriteString(e.Type == PbxEventType.QueueCall ? "queue_name" : "ring_group_name", e.GroupName);
        WriteUser(json, e);
        json.WriteString("dest_number", e.DestNumber);
        WriteTime(json, "call_start_at", e.CallStartAt);
        WriteTime(json, "connected_at", e.ConnectedAt);
        json.WriteString("status", e.Status);
        WriteDurations(json, e);
    }

    private static void WriteSound(Utf8JsonWriter json, PbxEvent e)
    {
        json.WriteString("caller_id", e.CallerId);
        if (e.Type == PbxEventType.RecordingOutbound) WriteUser(json, e);
        json.WriteString("dest_number", e.DestNumber);
        WriteTime(json, "recorded_at", e.RecordedAt);
        WriteTexts(json, "emails", e.Emails);
        json.WriteString("email_subject", e.EmailSubject);
        json.WriteString("email_message", e.EmailMessage);
        if (e.Type == PbxEventType.Voicemail) WriteTexts(json, "audio_file", e.AudioFiles);
        else json.WriteString("call_recording_link", e.RecordingLink);
    }

    private static void WriteUser(Utf8JsonWriter json, PbxEvent e)
    {
        json.WriteString("user_name", e.UserName);
        json.WriteString("user_number", e.UserNumber);
    }

    private static void WriteDurations(Utf8JsonWriter json, PbxEvent e)
    {
        json.WriteNumber("call_duration", e.CallSeconds ?? 0);
        json.WriteNumber("conversation_duration", e.TalkSeconds ?? 0);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts ?? []) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static int? Seconds(TimeSpan? duration) =>
        duration is { } d ? (int)Math.Round(d.TotalSeconds, MidpointRounding.AwayFromZero) : null;
}
