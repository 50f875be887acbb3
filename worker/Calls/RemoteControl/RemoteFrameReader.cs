using System.Buffers;
using System.Text.Json;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>Reads a text frame: one JSON object with an <c>action</c>, as pages written for Vodia's socket send them.</summary>
internal static class RemoteFrameReader
{
    private const int MaxText = 128;
    private const int MaxToken = 4096;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };
    private static readonly SearchValues<char> ActionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>Frames for browser media are known by one of these members, and some have no action.</summary>
    private static readonly string[] Flat = ["sdp", "invitesdp", "candidate", "bye"];

    /// <returns>Null when it is no such object, or what the action needs is missing or of the wrong type.</returns>
    public static RemoteFrame? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it that is no Unicode.
            return null;
        }
    }

    private static RemoteFrame? Read(JsonElement frame)
    {
        foreach (var key in Flat)
            if (frame.TryGetProperty(key, out _)) return new RemoteFrame.Unknown(Text(frame, "action") is { } named && IsWord(named) ? named : key);
        return Text(frame, "action") switch
        {
            null => null,
            "wskeepalive" or "avoid-disconnect" => new RemoteFrame.KeepAlive(),
            "get-calls" => new RemoteFrame.GetCalls(),
            "get-users" => new RemoteFrame.GetUsers(),
            "own-calls" => new RemoteFrame.OwnCalls(Flag(frame, "subscribe") ?? true),
            "domain-calls" => new RemoteFrame.DomainCalls(Flag(frame, "subscribe") ?? true),
            "make-call" => Text(frame, "to") is { } to ? new RemoteFrame.MakeCall(to) : null,
            "accept-call" => Id(frame) is { } id ? new RemoteFrame.Accept(id) : null,
            "hold-call" => Id(frame) is { } id ? new RemoteFrame.Hold(id) : null,
            "clear-call" => Id(frame) is { } id ? new RemoteFrame.Clear(id) : null,
            "mute" => Id(frame) is { } id && Flag(frame, "muted") is { } on ? new RemoteFrame.Mute(id, on) : null,
            "blind-transfer" or "blind-transfer2" => Id(frame) is { } id && Text(frame, "to") is { } to ? new RemoteFrame.BlindTransfer(id, to) : null,
            "att-transfer" => Id(frame) is { } id && Text(frame, "id2") is { } other ? new RemoteFrame.AttendedTransfer(id, other) : null,
            "rec-call" => Id(frame) is { } id && Flag(frame, "startstop") is { } on ? new RemoteFrame.Record(id, on) : null,
            "session" => Text(frame, "value", MaxToken) is { } token ? new RemoteFrame.Renew(token) : null,
            var action => IsWord(action) ? new RemoteFrame.Unknown(action) : null,
        };
    }

    private static bool IsWord(string action) => !action.AsSpan().ContainsAnyExcept(ActionCharacters);

    // Some pages write it as a number, and newer ones call it callid.
    private static string? Id(JsonElement frame) => Text(frame, "id") ?? Text(frame, "callid");

    private static string? Text(JsonElement frame, string name, int longest = MaxText)
    {
        if (!frame.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return text is { Length: > 0 } && text.Length <= longest ? text : null;
    }

    private static bool? Flag(JsonElement frame, string name) => !frame.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString() switch { "true" or "on" or "start" => true, "false" or "off" or "stop" => false, _ => null },
        _ => null,
    };
}
